{{/* Rules that several network policies share. Each yields list items of `egress` or `ingress`. */}}

{{/* Without any peer there is no rule: a rule without peers would be one to everybody. */}}
{{- define "deskfleet.egressDns" -}}
{{- with .Values.networkPolicy.dns -}}
{{- if or .peers .cidrs -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: UDP
    - port: {{ . }}
      protocol: TCP
    {{- end }}
  to:
    {{- with .peers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- range .cidrs }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* An egress rule to address ranges (none: any) on ports: {cidrs, ports}. */}}
{{- define "deskfleet.egressTo" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
  {{- with .cidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
  {{- end }}
{{- end -}}

{{- define "deskfleet.egressApiServer" -}}
{{- include "deskfleet.egressTo" (dict "cidrs" .Values.networkPolicy.apiServer.cidrs "ports" .Values.networkPolicy.apiServer.ports) -}}
{{- end -}}

{{- define "deskfleet.egressDatabase" -}}
{{- if .Values.postgresql.enabled -}}
- ports:
    - port: postgresql
      protocol: TCP
  to:
    - podSelector:
        matchLabels:
          {{- include "deskfleet.selectorLabels" (dict "root" . "component" "postgresql") | nindent 10 }}
      {{- if .Values.operator.clusterWide }}
      namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Release.Namespace }}
      {{- end }}
{{- else -}}
{{- include "deskfleet.egressTo" (dict "cidrs" .Values.networkPolicy.database.cidrs "ports" (list .Values.database.port)) -}}
{{- end -}}
{{- end -}}

{{/* Ingress of the metrics port from those who scrape. */}}
{{- define "deskfleet.ingressMetrics" -}}
- ports:
    - port: metrics
      protocol: TCP
  {{- with .Values.networkPolicy.metrics.from }}
  from:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

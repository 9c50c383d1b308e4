{{/*
What all pods share: metadata, placement, security contexts, common environment.
Each takes {root, component, pod} where `pod` are the component's overrides.
*/}}

{{- define "deskfleet.podSettings" -}}
{{- toYaml (mergeOverwrite (deepCopy .root.Values.pod) .pod) -}}
{{- end -}}

{{- define "deskfleet.podMetadata" -}}
{{- $pod := fromYaml (include "deskfleet.podSettings" .) -}}
labels:
  {{- include "deskfleet.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/part-of: deskfleet
  {{- with $pod.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $pod.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "deskfleet.podPlacement" -}}
{{- $pod := fromYaml (include "deskfleet.podSettings" .) -}}
{{- $selector := dict "matchLabels" (fromYaml (include "deskfleet.selectorLabels" .)) -}}
{{- with $pod.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $pod.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
affinity:
{{- if $pod.affinity }}
  {{- toYaml $pod.affinity | nindent 2 }}
{{- else }}
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            {{- toYaml $selector | nindent 12 }}
{{- end }}
{{- with $pod.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range . }}
  - {{- toYaml (merge (deepCopy .) (dict "labelSelector" $selector)) | nindent 4 }}
  {{- end }}
{{- end }}
{{- with $pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/*
Findings of kube-score that we accept, as an annotation. Argument: further ones of that object.
container-image-pull-policy: tags and digests of releases never move, and a node must be able to start a
pod while the registry is away, so images are not pulled `Always`.
*/}}
{{- define "deskfleet.acceptedFindings" -}}
kube-score/ignore: {{ prepend . "container-image-pull-policy" | join "," }}
{{- end -}}

{{/* Pod level of the `restricted` Pod Security Standard: a user id. */}}
{{- define "deskfleet.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Container level of the same. */}}
{{- define "deskfleet.containerSecurityContext" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Environment of every program of ours. */}}
{{- define "deskfleet.logEnv" -}}
- name: DESKFLEET_LOG
  value: {{ .Values.log.filter | quote }}
- name: DESKFLEET_LOG_FORMAT
  value: {{ .Values.log.format | quote }}
{{- end -}}

{{/* Environment of programs that call services outside the cluster. */}}
{{- define "deskfleet.outboundEnv" -}}
{{- with .Values.proxy.httpProxy }}
- name: HTTP_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy.httpsProxy }}
- name: HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
{{- if or .Values.proxy.httpProxy .Values.proxy.httpsProxy }}
- name: NO_PROXY
  value: {{ include "deskfleet.noProxy" . | quote }}
{{- end }}
{{- if .Values.caBundle.configMapName }}
- name: SSL_CERT_FILE
  value: /var/run/deskfleet/ca/ca-bundle.crt
{{- end }}
{{- end -}}

{{- define "deskfleet.noProxy" -}}
{{- $own := list "$(KUBERNETES_SERVICE_HOST)" ".svc" ".cluster.local" "localhost" "127.0.0.1" -}}
{{- with .Values.proxy.noProxy }}{{ $own = prepend $own . }}{{ end -}}
{{- join "," $own -}}
{{- end -}}

{{- define "deskfleet.caBundleMount" -}}
{{- if .Values.caBundle.configMapName }}
- name: ca-bundle
  mountPath: /var/run/deskfleet/ca
  readOnly: true
{{- end }}
{{- end -}}

{{- define "deskfleet.caBundleVolume" -}}
{{- with .Values.caBundle }}
{{- if .configMapName }}
- name: ca-bundle
  configMap:
    name: {{ .configMapName }}
    items:
      - key: {{ .key }}
        path: ca-bundle.crt
{{- end }}
{{- end }}
{{- end -}}

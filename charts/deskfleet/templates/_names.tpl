{{/* Names and labels. Every object's name is <fullname>-<component>. */}}

{{- define "deskfleet.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select a component's pods: {root, component}. */}}
{{- define "deskfleet.selectorLabels" -}}
app.kubernetes.io/name: deskfleet
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of an object: {root, component}. `managed-by` is Helm: the operator watches what carries its own name there. */}}
{{- define "deskfleet.labels" -}}
{{ include "deskfleet.selectorLabels" . }}
app.kubernetes.io/part-of: deskfleet
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* metadata of an object: {root, component, name}. */}}
{{- define "deskfleet.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "deskfleet.labels" . | nindent 2 }}
{{- end -}}

{{/* The ServiceAccount of a component with `serviceAccount` values: {root, component, values}. */}}
{{- define "deskfleet.serviceAccountName" -}}
{{- default (printf "%s-%s" (include "deskfleet.fullname" .root) .component) .values.serviceAccount.name -}}
{{- end -}}

{{/* The installation's own ServiceAccounts, as a comma-separated list. No pod of an object runs as one. */}}
{{- define "deskfleet.ownServiceAccounts" -}}
{{- $operator := include "deskfleet.serviceAccountName" (dict "root" . "component" "operator" "values" .Values.operator) -}}
{{- $api := include "deskfleet.serviceAccountName" (dict "root" . "component" "api" "values" .Values.api) -}}
{{- $checkpoint := include "deskfleet.serviceAccountName" (dict "root" . "component" "checkpoint" "values" .Values.checkpoint) -}}
{{- join "," (list $operator $api (printf "%s-setup" (include "deskfleet.fullname" .)) $checkpoint) -}}
{{- end -}}

{{/* The ServiceAccounts that objects may name, the one for sync pods first. */}}
{{- define "deskfleet.allowedServiceAccounts" -}}
{{- $allowed := .Values.operator.allowedServiceAccounts -}}
{{- if or .Values.sync.serviceAccount.create .Values.sync.serviceAccount.name -}}
{{- $allowed = prepend $allowed (include "deskfleet.serviceAccountName" (dict "root" . "component" "sync" "values" .Values.sync)) -}}
{{- end -}}
{{- $own := splitList "," (include "deskfleet.ownServiceAccounts" .) -}}
{{- range $allowed -}}
{{- if has . $own -}}
{{- fail (printf "operator.allowedServiceAccounts or sync.serviceAccount.name holds %s, an account of the installation itself: name another one" .) -}}
{{- end -}}
{{- end -}}
{{- join "," (uniq $allowed) -}}
{{- end -}}

{{/* The Secret with the API's certificate. */}}
{{- define "deskfleet.tlsSecretName" -}}
{{- default "deskfleet-api-tls" .Values.api.tls.existingSecret -}}
{{- end -}}

{{/* Host of the bundled database's Service. */}}
{{- define "deskfleet.postgresqlHost" -}}
{{- printf "%s-postgresql.%s.svc" (include "deskfleet.fullname" .) .Release.Namespace -}}
{{- end -}}

{{/* Names that the API's own certificate is valid for, as a comma-separated list. */}}
{{- define "deskfleet.tlsNames" -}}
{{- $service := printf "%s-api" (include "deskfleet.fullname" .) -}}
{{- $inNamespace := printf "%s.%s" $service .Release.Namespace -}}
{{- $names := list $service $inNamespace (printf "%s.svc" $inNamespace) (printf "%s.svc.cluster.local" $inNamespace) "localhost" "127.0.0.1" -}}
{{- with .Values.api.ingress.host }}{{ $names = append $names . }}{{ end -}}
{{- join "," (concat $names .Values.api.tls.extraNames | uniq) -}}
{{- end -}}

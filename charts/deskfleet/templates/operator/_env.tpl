{{/* Configuration of the operator, and what it hands on to the jobs it makes. */}}
{{- define "deskfleet.operatorEnv" -}}
{{- include "deskfleet.logEnv" . }}
- name: DESKFLEET_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: DESKFLEET_OPERATOR_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- if not .Values.operator.clusterWide }}
- name: DESKFLEET_NAMESPACE
  value: {{ .Release.Namespace }}
{{- end }}
- name: DESKFLEET_IMAGE
  value: {{ include "deskfleet.image" . | quote }}
- name: DESKFLEET_IMAGE_PULL_POLICY
  value: {{ .Values.image.pullPolicy | quote }}
{{- with .Values.imagePullSecrets }}
- name: DESKFLEET_IMAGE_PULL_SECRETS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.operator.allowedEndpoints }}
- name: DESKFLEET_ALLOWED_ENDPOINTS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.operator.allowedStsEndpoints }}
- name: DESKFLEET_ALLOWED_STS_ENDPOINTS
  value: {{ join "," . | quote }}
{{- end }}
- name: DESKFLEET_ALLOWED_SERVICE_ACCOUNTS
  value: {{ include "deskfleet.allowedServiceAccounts" . | quote }}
- name: DESKFLEET_OWN_SERVICE_ACCOUNTS
  value: {{ include "deskfleet.ownServiceAccounts" . | quote }}
{{- with .Values.operator.allowedPriorityClasses }}
- name: DESKFLEET_ALLOWED_PRIORITY_CLASSES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.operator.allowedRuntimeClasses }}
- name: DESKFLEET_ALLOWED_RUNTIME_CLASSES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.operator.allowedPodLabels }}
- name: DESKFLEET_ALLOWED_POD_LABELS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.operator.allowedPodAnnotations }}
- name: DESKFLEET_ALLOWED_POD_ANNOTATIONS
  value: {{ join "," . | quote }}
{{- end }}
- name: DESKFLEET_JOB_LOG
  value: {{ default .Values.log.filter .Values.sync.logFilter | quote }}
{{- with .Values.proxy.httpProxy }}
- name: DESKFLEET_HTTP_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy.httpsProxy }}
- name: DESKFLEET_HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
{{- if or .Values.proxy.httpProxy .Values.proxy.httpsProxy }}
- name: DESKFLEET_NO_PROXY
  value: {{ include "deskfleet.noProxy" . | quote }}
{{- end }}
{{- with .Values.caBundle }}
{{- if .configMapName }}
- name: DESKFLEET_CA_BUNDLE_CONFIGMAP
  value: {{ .configMapName | quote }}
- name: DESKFLEET_CA_BUNDLE_KEY
  value: {{ .key | quote }}
{{- end }}
{{- end }}
{{- if .Values.redis.enabled }}
- name: DESKFLEET_PACE_IN_REDIS
  value: "true"
{{- end }}
{{- end -}}

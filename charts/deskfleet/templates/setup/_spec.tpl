{{/*
The setup Job's spec, apart so that the Job's name can carry its hash: a changed spec is a new Job,
because a Job's template cannot be changed. It makes Secrets once; no template ever looks one up, so
rendering is the same everywhere and GitOps tools see no drift.
*/}}
{{- define "deskfleet.setupSpec" -}}
{{- $component := dict "root" . "component" "setup" "pod" .Values.setup.pod -}}
backoffLimit: 6
activeDeadlineSeconds: 600
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes:
        containerName: setup
        operator: In
        values: [20]
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
template:
  metadata:
    {{- include "deskfleet.podMetadata" $component | nindent 4 }}
  spec:
    restartPolicy: Never
    serviceAccountName: {{ include "deskfleet.fullname" . }}-setup
    automountServiceAccountToken: true
    enableServiceLinks: false
    terminationGracePeriodSeconds: 10
    securityContext:
      {{- include "deskfleet.podSecurityContext" 65532 | nindent 6 }}
    {{- include "deskfleet.podPlacement" $component | trim | nindent 4 }}
    containers:
      - name: setup
        image: {{ include "deskfleet.image" . }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        command: [/usr/local/bin/deskfleet-api]
        args: [setup]
        env:
          {{- include "deskfleet.logEnv" . | nindent 10 }}
          - name: DESKFLEET_NAMESPACE
            valueFrom:
              fieldRef:
                fieldPath: metadata.namespace
          - name: DESKFLEET_INSTANCE
            value: {{ .Release.Name | quote }}
          {{- if .Values.postgresql.enabled }}
          - name: DESKFLEET_SETUP_BUNDLED_DATABASE
            value: {{ printf "%s:5432/deskfleet" (include "deskfleet.postgresqlHost" .) | quote }}
          {{- end }}
          {{- if not .Values.api.tls.existingSecret }}
          - name: DESKFLEET_SETUP_TLS_SECRET
            value: {{ include "deskfleet.tlsSecretName" . }}
          - name: DESKFLEET_SETUP_TLS_NAMES
            value: {{ include "deskfleet.tlsNames" . | quote }}
          {{- end }}
        terminationMessagePolicy: FallbackToLogsOnError
        resources:
          {{- toYaml .Values.setup.resources | nindent 10 }}
        securityContext:
          {{- include "deskfleet.containerSecurityContext" . | nindent 10 }}
{{- end -}}

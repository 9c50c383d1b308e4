{{/*
The Job that signs checkpoints of the audit trail. It alone mounts the signing key, so that whoever
can write to Postgres cannot sign.
*/}}
{{- define "deskfleet.checkpointSpec" -}}
{{- $component := dict "root" . "component" "checkpoint" "pod" .Values.checkpoint.pod -}}
backoffLimit: 2
activeDeadlineSeconds: {{ .Values.checkpoint.activeDeadlineSeconds }}
podFailurePolicy:
  rules:
    # 1: a trail is broken. Trying again would only hide it for a while.
    - action: FailJob
      onExitCodes:
        containerName: checkpoint
        operator: In
        values: [1, 20]
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
template:
  metadata:
    {{- include "deskfleet.podMetadata" $component | nindent 4 }}
  spec:
    restartPolicy: Never
    serviceAccountName: {{ include "deskfleet.serviceAccountName" (dict "root" . "component" "checkpoint" "values" .Values.checkpoint) }}
    automountServiceAccountToken: false
    enableServiceLinks: false
    terminationGracePeriodSeconds: 30
    securityContext:
      {{- include "deskfleet.podSecurityContext" 65532 | nindent 6 }}
    {{- include "deskfleet.podPlacement" $component | trim | nindent 4 }}
    containers:
      - name: checkpoint
        image: {{ include "deskfleet.image" . }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        command: [/usr/local/bin/deskfleet-store]
        args: [checkpoint]
        env:
          {{- include "deskfleet.logEnv" . | nindent 10 }}
          - name: DESKFLEET_DATABASE_URL_FILE
            value: /var/run/deskfleet/database/migrate
          - name: DESKFLEET_DATABASE_WAIT_SECONDS
            value: {{ .Values.database.waitSeconds | quote }}
          - name: DESKFLEET_AUDIT_SIGNING_KEY_FILE
            value: /var/run/deskfleet/audit-signing/current
          # Also keys of before, so that a new one can build upon their checkpoints.
          - name: DESKFLEET_AUDIT_PUBLIC_KEYS_FILE
            value: /var/run/deskfleet/audit-signing/public
          {{- with include "deskfleet.checkpointExports" . }}
          - name: DESKFLEET_AUDIT_EXPORT_TO
            value: {{ . | quote }}
          {{- end }}
          {{- with include "deskfleet.outboundEnv" . | trim }}
          {{- . | nindent 10 }}
          {{- end }}
          {{- with .Values.checkpoint.extraEnv }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        terminationMessagePolicy: FallbackToLogsOnError
        resources:
          {{- toYaml .Values.checkpoint.resources | nindent 10 }}
        securityContext:
          {{- include "deskfleet.containerSecurityContext" . | nindent 10 }}
        volumeMounts:
          - name: database
            mountPath: /var/run/deskfleet/database
            readOnly: true
          - name: audit-signing
            mountPath: /var/run/deskfleet/audit-signing
            readOnly: true
          {{- if .Values.checkpoint.existingClaim }}
          - name: exports
            mountPath: /var/lib/deskfleet/checkpoints
          {{- end }}
          {{- with include "deskfleet.caBundleMount" . | trim }}
          {{- . | nindent 10 }}
          {{- end }}
    volumes:
      - name: database
        secret:
          secretName: deskfleet-database
          defaultMode: 0440
          items:
            - key: migrate
              path: migrate
      - name: audit-signing
        secret:
          secretName: deskfleet-audit-signing
          defaultMode: 0440
          items:
            - key: current
              path: current
            - key: public
              path: public
      {{- with .Values.checkpoint.existingClaim }}
      - name: exports
        persistentVolumeClaim:
          claimName: {{ . }}
      {{- end }}
      {{- with include "deskfleet.caBundleVolume" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
{{- end -}}

{{/* Where checkpoints go, separated by commas: the volume, and the URLs. */}}
{{- define "deskfleet.checkpointExports" -}}
{{- $exports := .Values.checkpoint.exportTo -}}
{{- if .Values.checkpoint.existingClaim }}{{ $exports = prepend $exports "/var/lib/deskfleet/checkpoints" }}{{ end -}}
{{- join "," $exports -}}
{{- end -}}

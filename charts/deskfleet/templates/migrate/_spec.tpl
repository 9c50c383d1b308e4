{{/*
The migration Job's spec, apart so that the Job's name can carry its hash. A plain Job without hooks:
programs wait for the schema version they need, so order is not Helm's or GitOps' business.
*/}}
{{- define "deskfleet.migrateSpec" -}}
{{- $component := dict "root" . "component" "migrate" "pod" .Values.migrate.pod -}}
backoffLimit: 6
activeDeadlineSeconds: {{ .Values.migrate.activeDeadlineSeconds }}
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes:
        containerName: migrate
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
    automountServiceAccountToken: false
    enableServiceLinks: false
    terminationGracePeriodSeconds: 60
    securityContext:
      {{- include "deskfleet.podSecurityContext" 65532 | nindent 6 }}
    {{- include "deskfleet.podPlacement" $component | trim | nindent 4 }}
    containers:
      - name: migrate
        image: {{ include "deskfleet.image" . }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        command: [/usr/local/bin/deskfleet-store]
        args: [migrate]
        env:
          {{- include "deskfleet.logEnv" . | nindent 10 }}
          - name: DESKFLEET_DATABASE_URL_FILE
            value: /var/run/deskfleet/database/migrate
          # It also makes the other logins, from their own URLs beside it.
          - name: DESKFLEET_DATABASE_LOGINS_DIR
            value: /var/run/deskfleet/database
          - name: DESKFLEET_DATABASE_WAIT_SECONDS
            value: {{ .Values.database.waitSeconds | quote }}
          {{- with .Values.caBundle.configMapName }}
          - name: SSL_CERT_FILE
            value: /var/run/deskfleet/ca/ca-bundle.crt
          {{- end }}
        terminationMessagePolicy: FallbackToLogsOnError
        resources:
          {{- toYaml .Values.migrate.resources | nindent 10 }}
        securityContext:
          {{- include "deskfleet.containerSecurityContext" . | nindent 10 }}
        volumeMounts:
          - name: database
            mountPath: /var/run/deskfleet/database
            readOnly: true
          {{- with include "deskfleet.caBundleMount" . | trim }}
          {{- . | nindent 10 }}
          {{- end }}
    volumes:
      - name: database
        secret:
          secretName: deskfleet-database
          defaultMode: 0440
      {{- with include "deskfleet.caBundleVolume" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
{{- end -}}

{{/* Configuration of the API. Secrets come as files only: an environment shows up in dumps. */}}
{{- define "deskfleet.apiEnv" -}}
{{- include "deskfleet.logEnv" . }}
- name: DESKFLEET_DATABASE_URL_FILE
  value: /var/run/deskfleet/database/url
- name: DESKFLEET_TLS_CERT_FILE
  value: /var/run/deskfleet/tls/tls.crt
- name: DESKFLEET_TLS_KEY_FILE
  value: /var/run/deskfleet/tls/tls.key
- name: DESKFLEET_SESSION_KEYS_DIR
  value: /var/run/deskfleet/session-keys
- name: DESKFLEET_BOOTSTRAP_ADMIN_DIR
  value: /var/run/deskfleet/bootstrap-admin
{{- with .Values.api.publicUrl }}
- name: DESKFLEET_PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.api.trustedProxies }}
- name: DESKFLEET_TRUSTED_PROXIES
  value: {{ join "," . | quote }}
{{- end }}
{{- include "deskfleet.outboundEnv" . }}
{{- end -}}

{{/* The Secrets that the API mounts, each under /var/run/deskfleet/<name>. */}}
{{- define "deskfleet.apiSecrets" -}}
- name: database
  secret:
    secretName: deskfleet-database
    defaultMode: 0440
    items:
      - key: api
        path: url
- name: tls
  secret:
    secretName: {{ include "deskfleet.tlsSecretName" . }}
    defaultMode: 0440
    items:
      - key: tls.crt
        path: tls.crt
      - key: tls.key
        path: tls.key
- name: session-keys
  secret:
    secretName: deskfleet-session-keys
    defaultMode: 0440
- name: bootstrap-admin
  secret:
    secretName: deskfleet-bootstrap-admin
    defaultMode: 0440
{{- end -}}

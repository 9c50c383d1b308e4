{{/* Image references. */}}

{{/* registry/repository:tag, or @digest where one is given: {root, image, tag}. */}}
{{- define "deskfleet.imageReference" -}}
{{- $name := .image.repository -}}
{{- with default .root.Values.registry .image.registry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $name }}{{ end -}}
{{- if .image.digest -}}
{{ printf "%s@%s" $name .image.digest }}
{{- else -}}
{{ printf "%s:%s" $name .tag }}
{{- end -}}
{{- end -}}

{{- define "deskfleet.image" -}}
{{- include "deskfleet.imageReference" (dict "root" . "image" .Values.image "tag" (default .Chart.AppVersion .Values.image.tag)) -}}
{{- end -}}

{{- define "deskfleet.postgresqlImage" -}}
{{- include "deskfleet.imageReference" (dict "root" . "image" .Values.postgresql.image "tag" .Values.postgresql.image.tag) -}}
{{- end -}}

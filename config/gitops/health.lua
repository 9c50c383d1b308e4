-- Health of deskfleet's objects for Argo CD. All kinds speak alike: `Ready` always,
-- `Reconciling`, `Stalled` and `Paused` only while true.
local function said(kind)
  for _, condition in ipairs(obj.status.conditions or {}) do
    if condition.type == kind then return condition end
  end
end

if obj.metadata.deletionTimestamp ~= nil then
  return {status = "Progressing", message = "it is being deleted"}
end
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return {status = "Progressing", message = "the operator has not seen the last change yet"}
end
local paused, stalled, reconciling, ready = said("Paused"), said("Stalled"), said("Reconciling"), said("Ready")
if paused ~= nil then
  return {status = "Suspended", message = paused.message}
end
if stalled ~= nil then
  return {status = "Degraded", message = stalled.message}
end
if reconciling ~= nil then
  return {status = "Progressing", message = reconciling.message}
end
if ready == nil or ready.status == "Unknown" then
  return {status = "Progressing", message = ready and ready.message or "nothing is known yet"}
end
if ready.reason == "Suspended" then
  return {status = "Suspended", message = ready.message}
end
if ready.status ~= "True" then
  return {status = "Progressing", message = ready.message}
end
return {status = "Healthy", message = ready.message}

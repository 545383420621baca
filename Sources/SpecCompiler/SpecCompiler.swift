// The spec compiler: spec/openapi.yaml and spec/events.yaml in, Swift out. Four stages, a folder each:
// Parse (YAML with places) → Resolve ($ref) → Lower (checks, ProtocolModel) → Emit (Swift).

// ProtocolRuntime

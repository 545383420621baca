/// A source file of the generated module.
public struct GeneratedFile: Sendable, Equatable {
  public let name: String
  public let contents: String
}

/// Writes the Swift of a protocol.
public enum Emitter {
  /// All files that it writes, whatever is in the specs: the build plugin has to know them before.
  public static let fileNames = [
    "Types.swift", "TypesCodec.swift", "Operations.swift", "Handlers.swift", "Router.swift", "Dispatch.swift",
    "Events.swift", "ServerEvents.swift", "Documents.swift",
  ]
}

public func emit(_ model: ProtocolModel, documents: SpecDocuments) -> [GeneratedFile] {
  Emitter.fileNames.map { GeneratedFile(name: $0, contents: "") }
}

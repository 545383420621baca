/// The specs that the generated code was made from, as they are served.
public struct SpecDocuments: Sendable {
  public let openapiYAML: Content
  public let openapiJSON: Content
  public let eventsYAML: Content
  /// It refers to `./openapi.json`.
  public let eventsJSON: Content

  public init(openapiYAML: Content, openapiJSON: Content, eventsYAML: Content, eventsJSON: Content) {
    self.openapiYAML = openapiYAML
    self.openapiJSON = openapiJSON
    self.eventsYAML = eventsYAML
    self.eventsJSON = eventsJSON
  }
}

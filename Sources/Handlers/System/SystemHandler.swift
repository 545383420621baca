import Generated
import Postgres
import ProtocolRuntime

/// What the server says of itself.
public final class SystemHandler: SystemHandlers {
  private let database: Database
  /// Nil on a node that is alone.
  private let nodes: (any OtherNodes)?
  private let documents: SpecDocuments

  init(database: Database, documents: SpecDocuments, nodes: (any OtherNodes)?) {
    self.database = database
    self.documents = documents
    self.nodes = nodes
  }

  public func getHealth(
    _ input: Operations.GetHealth.Input, context: RequestContext
  ) async throws -> Operations.GetHealth.Output {
    var health = Health(status: .ok, version: ServerInfo.version, uptimeSeconds: ServerInfo.uptime)
    if input.query.ready == 1 {
      // Throws UnavailableError, which is answered with 503.
      try await database.checkWritable()
      health.database = .up
      if let nodes { health.redis = nodes.isReachable ? .up : .down }
    }
    return .ok(health)
  }

  public func getOpenapiYaml(
    _ input: Operations.GetOpenapiYaml.Input, context: RequestContext
  ) async throws -> Operations.GetOpenapiYaml.Output {
    .ok(documents.openapiYAML)
  }

  public func getOpenapiJson(
    _ input: Operations.GetOpenapiJson.Input, context: RequestContext
  ) async throws -> Operations.GetOpenapiJson.Output {
    .ok(documents.openapiJSON)
  }

  public func getEventsYaml(
    _ input: Operations.GetEventsYaml.Input, context: RequestContext
  ) async throws -> Operations.GetEventsYaml.Output {
    .ok(documents.eventsYAML)
  }

  public func getEventsJson(
    _ input: Operations.GetEventsJson.Input, context: RequestContext
  ) async throws -> Operations.GetEventsJson.Output {
    .ok(documents.eventsJSON)
  }
}

import Contract
import Generated
import GeneratedDocuments
import Logging
import NIOCore
import ProtocolRuntime
import Synchronization

/// Judges all that leaves the server by its published documents: answers, acknowledgements, events, refused connections.
/// What breaks them is logged as an error and counted. It is sent anyhow: what it tells of may be on disk.
final class ResponseCheck: AnswerCheck {
  /// Breaches of one answer that are logged.
  private static let maxLogged = 8

  private let contract: Contract
  private let logger: Logger
  private let judged = Atomic(0)
  private let broken = Atomic(0)

  /// - Throws: `ContractError` where the documents can't be judged by.
  init(logger: Logger) throws {
    let documents = specDocuments()
    contract = try Contract(
      openapi: Self.bytes(documents.openapiJSON), events: Self.bytes(documents.eventsJSON))
    self.logger = logger
  }

  private static func bytes(_ content: Content) -> ByteBufferView {
    if case .bytes(let bytes) = content.body { bytes.readableBytesView } else { ByteBuffer().readableBytesView }
  }

  func look(at answer: AnswerInFlight) {
    // What is about HTTP itself is no operation's, and neither is what never became a request.
    if answer.method.isEmpty || answer.code.map(HTTPProblem.isAboutHTTP) ?? false { return }
    tell(
      contract.breaches(
        method: answer.method, path: answer.path, status: answer.status, fields: answer.fields,
        body: answer.body.map { Array(buffer: $0) }))
  }

  func look(at acknowledgement: Acknowledgement, of event: String) {
    tell(contract.breaches(acknowledgement: acknowledgement.json.readableBytesView, of: event))
  }

  /// - Parameter arguments: of a Socket.IO event, its name first.
  func look(atEvent arguments: ByteBuffer) {
    tell(contract.breaches(event: arguments.readableBytesView))
  }

  /// - Parameter isBroadcast: to a room, and not to connections one by one.
  func look(at event: EncodedEvent, isBroadcast: Bool) {
    tell(contract.breaches(event: event.arguments.readableBytesView, isBroadcast: isBroadcast))
  }

  func look(atRefusal data: ByteBuffer) {
    tell(contract.breaches(refusedConnection: data.readableBytesView))
  }

  private func tell(_ breaches: [Breach]) {
    judged.add(1, ordering: .relaxed)
    guard !breaches.isEmpty else { return }
    broken.add(1, ordering: .relaxed)
    for breach in breaches.prefix(Self.maxLogged) {
      logger.error(
        "what was sent breaks the documents",
        metadata: [
          "subject": "\(breach.subject)", "pointer": "\(breach.pointer)", "keyword": "\(breach.keyword)",
          "breach": "\(breach.message)", "schema": "\(breach.schema)",
        ])
    }
  }

  /// Says how much was judged, and how much of it broke the documents.
  func logCounts() {
    logger.info(
      "responses were checked",
      metadata: [
        "judged": .stringConvertible(judged.load(ordering: .relaxed)),
        "broken": .stringConvertible(broken.load(ordering: .relaxed)),
      ])
  }
}

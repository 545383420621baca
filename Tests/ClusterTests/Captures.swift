import Foundation
import NIOCore
import Testing

@testable import Cluster

/// What the original programs published: see Captures/README.md.
struct Capture: Sendable, CustomTestStringConvertible {
  let name: String
  let channel: String
  let payload: ByteBuffer

  var testDescription: String { name }

  static let all: [Capture] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Captures/captures.tsv"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      return Capture(name: String(fields[0]), channel: String(fields[1]), payload: ByteBuffer(hex: String(fields[2])))
    }
  }()

  /// All captures of this name, in the order in which they were published.
  static func named(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [Capture] {
    let found = all.filter { $0.name == name }
    try #require(!found.isEmpty, "there is no capture \(name)", sourceLocation: sourceLocation)
    return found
  }

  static func one(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Capture {
    try named(name, sourceLocation: sourceLocation)[0]
  }
}

extension ByteBuffer {
  init(hex: String) {
    let digits = Array(hex.utf8)
    self.init(
      bytes: stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
      })
  }

  var hex: String {
    readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  var text: String { String(buffer: self) }
}

extension ClusterMessage {
  static func broadcast(
    from sender: String?, namespace: String = "/", _ arguments: String, attachments: [ByteBuffer] = [],
    packetNamespace: String? = "/", to options: BroadcastOptions = BroadcastOptions(), requestID: String? = nil
  ) -> ClusterMessage {
    let packet = ClusterPacket(
      namespace: packetNamespace, arguments: ClusterValue(json: arguments, attachments: attachments))
    return ClusterMessage(sender: sender, namespace: namespace, body: .broadcast(packet, options, requestID: requestID))
  }
}

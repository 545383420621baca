import NIOCore
import Testing

@testable import LoadGenerator

@Suite struct ResponseFramerTests {
  private let answer = "HTTP/1.1 200 OK\r\nX-Frame-Options: SAMEORIGIN\r\ncontent-LENGTH: 5\r\n\r\nhello"

  @Test func anAnswerInOnePiece() throws {
    var framer = ResponseFramer()
    framer.append(ByteBuffer(string: answer))
    let response = try #require(try framer.next())
    #expect(response.status == 200)
    #expect(String(buffer: response.body) == "hello")
    #expect(framer.isEmpty)
  }

  @Test func anAnswerOctetByOctet() throws {
    var framer = ResponseFramer()
    for octet in answer.utf8.dropLast() {
      framer.append(ByteBuffer(bytes: [octet]))
      #expect(try framer.next() == nil)
      #expect(!framer.isEmpty)
    }
    framer.append(ByteBuffer(string: "o"))
    #expect(try framer.next()?.body == ByteBuffer(string: "hello"))
  }

  @Test func whatFollowsAnAnswerStays() throws {
    var framer = ResponseFramer()
    framer.append(ByteBuffer(string: answer + answer))
    #expect(try framer.next() != nil)
    #expect(!framer.isEmpty)
    #expect(try framer.next() != nil)
    #expect(framer.isEmpty)
  }

  @Test func noContentHasNoBody() throws {
    var framer = ResponseFramer()
    framer.append(ByteBuffer(string: "HTTP/1.1 204 No Content\r\n\r\n"))
    #expect(try framer.next()?.status == 204)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ResponseFramer.FramingError.unknownLength),
    ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .unknownLength),
    ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", .malformedHead),
    ("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", .malformedHead),
    (String(repeating: "a", count: ResponseFramer.longestHead + 1), .headTooLong),
  ])
  func framingThatIsNotReadIsAnError(text: String, error: ResponseFramer.FramingError) {
    var framer = ResponseFramer()
    framer.append(ByteBuffer(string: text))
    #expect(throws: error) { try framer.next() }
  }
}

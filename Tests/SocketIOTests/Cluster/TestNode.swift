import Logging
import RedisTestServer
import SocketIO
import SocketIORedis

/// A server of a cluster.
struct TestNode {
  let socketIO: SocketIOServer
  let adapter: RedisAdapter
  let server: TestServer
  let application: TestApplication
  /// Events for the application, and `restored` when Redis is there again.
  let told: AsyncStream<String>

  static func run(
    _ redis: RedisServer, _ format: RedisAdapter.Format = .classic, timeout: Duration = .seconds(20),
    server configuration: SocketIOServer.Configuration = SocketIOServer.Configuration(),
    onConnect: @escaping TestApplication.OnConnect = { _ in .accept() }, _ body: (TestNode) async throws -> Void
  ) async throws {
    let makeApplication = { (_: SocketIOServer) in TestApplication(onConnect: onConnect) }
    try await TestServer.run(configuration, makeApplication) { server, application in
      var configuration = RedisAdapter.Configuration(url: redis.url)
      configuration.redis.waitLimit = .seconds(20)
      // A busy machine: nobody here is to begin anew because another node is slow.
      configuration.handoverTimeout = .seconds(30)
      configuration.redis.reconnectLimit = .milliseconds(200)
      configuration.format = format
      configuration.requestTimeout = timeout
      let adapter = RedisAdapter(
        configuration: configuration, server: server.socketIO, logger: Logger(label: "test"))
      let (told, tell) = AsyncStream.makeStream(of: String.self)
      var hooks = RedisAdapter.Hooks()
      hooks.serverSideEvent = { event, _ in tell.yield(String(buffer: event.json)) }
      hooks.event = { if $0 == .subscriptionsRestored { tell.yield("restored") } }
      try adapter.start(hooks)
      try await adapter.settle()
      server.socketIO.use(adapter)
      do {
        try await body(
          TestNode(socketIO: server.socketIO, adapter: adapter, server: server, application: application, told: told))
      } catch {
        await adapter.close()
        throw error
      }
      await adapter.close()
    }
  }
}

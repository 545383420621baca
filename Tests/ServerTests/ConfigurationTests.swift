import Glibc
import Logging
import Testing

@testable import letschat

struct ConfigurationTests {
  @Test func `without settings there are defaults`() throws {
    let configuration = try ServerConfiguration(environment: ["PORT": "", "PATH": "/bin"])
    #expect(configuration.host == "127.0.0.1")
    #expect(configuration.port == 3000)
    #expect(configuration.databaseURL == nil)
    #expect(configuration.redisURL == nil)
    #expect(configuration.secret == nil)
  }

  @Test func `flags win over the environment`() throws {
    let configuration = try ServerConfiguration(
      flags: .init(host: "0.0.0.0", port: "0", dataDirectory: "/d"),
      environment: ["HOST": "::1", "PORT": "nonsense", "DATA_DIR": "/e"])
    #expect(configuration.host == "0.0.0.0")
    #expect(configuration.port == 0)
    #expect(configuration.dataDirectory == "/d")
  }

  @Test func `responses are checked where the flag or the variable says so`() throws {
    #expect(try !ServerConfiguration(environment: [:]).checksResponses)
    #expect(try ServerConfiguration(environment: ["CHECK_RESPONSES": "true"]).checksResponses)
    #expect(
      try ServerConfiguration(
        flags: .init(checksResponses: true), environment: ["CHECK_RESPONSES": "false"]
      ).checksResponses)
  }

  @Test func `origins are as browsers send them`() throws {
    let configuration = try ServerConfiguration(
      environment: ["FRONTEND_URL": "https://Chat.example/, http://localhost:5173,https://b.example:443"])
    #expect(
      configuration.allowedOrigins == ["https://chat.example", "http://localhost:5173", "https://b.example"])
  }

  @Test func `everything that is wrong is said at once, a line each`() {
    let failure = #expect(throws: ServerConfiguration.Failure.self) {
      try ServerConfiguration(
        flags: .init(host: "", port: "70000"),
        environment: [
          "JWT_SECRET": "short", "FRONTEND_URL": "chat.example,https://x/y", "LOG_LEVEL": "loud",
          "EDIT_WINDOW_HOURS": "0", "DATABASE_CONNECTIONS": "many", "TRUSTED_PROXIES": "10.0.0.0/40",
          "REDIS_URL": "http://:secret@localhost", "RATE_LIMIT_SCALE": "-1", "CHECK_RESPONSES": "maybe",
        ])
    }
    #expect(
      failure?.lines == [
        "--host must not be empty",
        "--port must be a number from 0 to 65535, not \"70000\"",
        "DATABASE_CONNECTIONS must be a number from 1 to 64, not \"many\"",
        "REDIS_URL: the URL of Redis cannot be read: it begins with redis:// or unix://",
        "JWT_SECRET must have at least 32 bytes, not 5",
        "FRONTEND_URL must be origins like https://chat.example, separated by commas; \"chat.example\" is none",
        "FRONTEND_URL must be origins like https://chat.example, separated by commas; \"https://x/y\" is none",
        "TRUSTED_PROXIES must be IP addresses or ranges like 10.0.0.0/8, separated by commas; \"10.0.0.0/40\" is none",
        "LOG_LEVEL must be one of trace, debug, info, notice, warning, error, critical, not \"loud\"",
        "EDIT_WINDOW_HOURS must be a number from 1 to 87600, not \"0\"",
        "RATE_LIMIT_SCALE must be 0 or a number from 0.01 to 1000, not \"-1\"",
        "CHECK_RESPONSES must be true or false, not \"maybe\"",
      ])
  }

  @Test func `the scale of limits is a decimal, or none at all`() throws {
    #expect(try ServerConfiguration(environment: [:]).rateLimitScale == 1)
    for (text, scale) in [("0", 0), ("0.0", 0), ("0.5", 0.5), (".25", 0.25), ("1000", 1000), ("0.01", 0.01)] {
      #expect(try ServerConfiguration(environment: ["RATE_LIMIT_SCALE": text]).rateLimitScale == scale)
    }
    for text in ["0.009", "1001", "1e3", "inf", "nan", "0x1p3", "+1", " 1", "1,5", "1.2.3", "."] {
      #expect(throws: ServerConfiguration.Failure.self, "\(text)") {
        try ServerConfiguration(environment: ["RATE_LIMIT_SCALE": text])
      }
    }
  }

  @Test func `as many connections to the database are accepted as a client of it may have`() throws {
    #expect(try ServerConfiguration(environment: ["DATABASE_CONNECTIONS": "64"]).databaseConnections == 64)
    #expect(throws: ServerConfiguration.Failure.self) {
      try ServerConfiguration(environment: ["DATABASE_CONNECTIONS": "65"])
    }
  }

  @Test func `the generated secret is kept, and kept secret`() throws {
    var template = Array("/tmp/letschat-secret-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) }) + "/data"
    let path = folder + "/jwt-secret"
    defer {
      unlink(path)
      rmdir(folder)
      rmdir(String(folder.dropLast(5)))
    }
    let secret = try SecretFile.load(dataDirectory: folder)
    #expect(secret.count == 64)
    #expect(try SecretFile.load(dataDirectory: folder) == secret)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    chmod(path, 0o644)
    #expect(throws: SecretFile.Failure.self) { try SecretFile.load(dataDirectory: folder) }
    chmod(path, 0o600)
    truncate(path, 10)
    #expect(throws: SecretFile.Failure.self) { try SecretFile.load(dataDirectory: folder) }
  }

  @Test func `a data folder whose parents are missing is made with them`() throws {
    var template = Array("/tmp/letschat-secret-XXXXXX".utf8CString)
    let root = try #require(mkdtemp(&template).map { String(cString: $0) })
    let folder = root + "/a/b//data/"
    defer {
      unlink(folder + "jwt-secret")
      for made in [folder, root + "/a/b", root + "/a", root] { rmdir(made) }
    }
    #expect(try SecretFile.load(dataDirectory: folder).count == 64)
    // What stands in the way is named.
    let failure = #expect(throws: SecretFile.Failure.self) {
      try SecretFile.load(dataDirectory: folder + "jwt-secret/x/data")
    }
    #expect(failure?.description.contains(root + "/a/b/data/jwt-secret") == true)
  }

  /// The service group describes its services, and with them their settings, at `debug` and `trace`.
  @Test func `settings that are described tell no secret`() throws {
    let configuration = try ServerConfiguration(environment: [
      "JWT_SECRET": "a secret that only the tests know, of 32 bytes",
      "DATABASE_URL": "postgresql://ada:pa55word@db.example/chat", "REDIS_URL": "redis://:pa55word@redis.example",
    ])
    let log = LogSink(descriptor: STDERR_FILENO)
    defer { log.close() }
    let server = ChatServer(configuration: configuration, log: log, logger: Logger(label: "test"))
    var descriptions = ["\(configuration)", String(reflecting: configuration), "\(server)", String(reflecting: server)]
    descriptions.append(
      "\([configuration.databaseURL as Any, configuration.secret as Any, configuration.redisURL as Any])")
    for value in [configuration, server] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      descriptions.append(dumped)
    }
    for description in descriptions {
      for secret in ["pa55word", "only the tests know", "97, 32, 115, 101", "- 97\n"] {
        #expect(!description.contains(secret), "\(secret) is in \(description)")
      }
    }
  }
}

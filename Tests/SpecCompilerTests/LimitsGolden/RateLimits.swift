// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The limits of `x-rate-limit`, for a `RateLimiter`.
public let rateLimits: [RateLimit] = [
  RateLimit("ip", limit: 5, seconds: 60, burst: 5),
  RateLimit("user", limit: 4, seconds: 60, burst: 4),
  RateLimit("rename/user", limit: 60, seconds: 60, burst: 2),
  RateLimit("login/ip+account", limit: 3, seconds: 60, burst: 3, asksFirst: true),
  RateLimit("register/ip", limit: 2, seconds: 3600, burst: 2, asksFirst: true),
  RateLimit("register/ip+account", limit: 1, seconds: 10, burst: 1),
  RateLimit("events/user", limit: 2, seconds: 1, burst: 3),
  RateLimit("events/knock/user", limit: 1, seconds: 1, burst: 1),
  RateLimit("events/call/ip+account", limit: 2, seconds: 60, burst: 2, asksFirst: true),
  RateLimit("events/call/ip", limit: 9, seconds: 60, burst: 9),
  RateLimit("events/rename/user", limit: 1, seconds: 60, burst: 1),
]

// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The limits of `x-rate-limit`, for a `RateLimiter`.
public let rateLimits: [RateLimit] = []

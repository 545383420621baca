// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

///
public typealias ResultAlias = Result_

///
public typealias Here = String

///
public typealias Nothing = Never?

///
public typealias Perhaps = [Int]?

///
public struct Result_: Sendable, Hashable {
  ///
  public var ok: Bool
  ///
  public var string: String_?
  ///
  public var never: Never_?
  ///
  public var optional: Optional_?
  ///
  public var pattern: Pattern_?
  ///
  public var parameters: Parameters_?
  ///
  public var nullable: Nullable_?
  ///
  public var content: Content_?
  ///
  public var operations: Operations_?
  ///
  public var kind: RawValue_?
  ///
  public var things: [UUID_]?

  @inlinable
  public init(ok: Bool, string: String_? = nil, never: Never_? = nil, optional: Optional_? = nil, pattern: Pattern_? = nil, parameters: Parameters_? = nil, nullable: Nullable_? = nil, content: Content_? = nil, operations: Operations_? = nil, kind: RawValue_? = nil, things: [UUID_]? = nil) {
    self.ok = ok
    self.string = string
    self.never = never
    self.optional = optional
    self.pattern = pattern
    self.parameters = parameters
    self.nullable = nullable
    self.content = content
    self.operations = operations
    self.kind = kind
    self.things = things
  }
}

///
public struct String_: Sendable, Hashable {
  ///
  public var text: String

  @inlinable
  public init(text: String) {
    self.text = text
  }
}

///
public struct Never_: Sendable, Hashable {
  ///
  public var never: Bool?

  @inlinable
  public init(never: Bool? = nil) {
    self.never = never
  }
}

///
public enum Optional_: String, Sendable, Hashable, CaseIterable {
  case one = "one"
  case two = "two"
}

///
public typealias Pattern_ = String

///
public typealias Parameters_ = [String: Int]

///
public typealias Nullable_ = Int?

///
public enum Operations_: Sendable, Hashable {
  case init_(Int_)
  case some_(Bool_)
}

///
public struct Int_: Sendable, Hashable {
  ///
  public var value: Int?

  @inlinable
  public init(value: Int? = nil) {
    self.value = value
  }
}

///
public struct Bool_: Sendable, Hashable {
  ///
  public var value: Bool?

  @inlinable
  public init(value: Bool? = nil) {
    self.value = value
  }
}

///
public struct Odd: Sendable, Hashable {
  ///
  public var self_: String
  ///
  public var init_: Int
  ///
  public var `await`: Bool
  ///
  public var `let`: [Int]
  ///
  public var `inout`: Int?
  ///
  public var additionalProperties_: String?
  ///
  public var type: String?
  ///
  public var hashValue_: Int?
  ///
  public var hash_: String?
  ///
  public var description: String?
  ///
  public var encode_: String?
  ///
  public var decode_: String?
  ///
  public var `default`: String
  ///
  public var `any`: String?
  ///
  public var `copy`: Nullable<String>?
  ///
  public var `consume`: String?
  ///
  public var `each`: String?
  ///
  public var `isolated`: String?
  ///
  public var subscript_: String?
  ///
  public var deinit_: String?
  ///
  public var `class`: String?
  ///
  public var `throws`: String?
  /// The properties that have no name in the spec.
  public var additionalProperties: [String: Int?]

  @inlinable
  public init(self_: String, init_: Int, `await`: Bool, `let`: [Int], `inout`: Int? = nil, additionalProperties_: String? = nil, type: String? = nil, hashValue_: Int? = nil, hash_: String? = nil, description: String? = nil, encode_: String? = nil, decode_: String? = nil, `default`: String = "self", `any`: String? = nil, `copy`: Nullable<String>? = nil, `consume`: String? = nil, `each`: String? = nil, `isolated`: String? = nil, subscript_: String? = nil, deinit_: String? = nil, `class`: String? = nil, `throws`: String? = nil, additionalProperties: [String: Int?] = [:]) {
    self.self_ = self_
    self.init_ = init_
    self.await = `await`
    self.let = `let`
    self.inout = `inout`
    self.additionalProperties_ = additionalProperties_
    self.type = type
    self.hashValue_ = hashValue_
    self.hash_ = hash_
    self.description = description
    self.encode_ = encode_
    self.decode_ = decode_
    self.default = `default`
    self.any = `any`
    self.copy = `copy`
    self.consume = `consume`
    self.each = `each`
    self.isolated = `isolated`
    self.subscript_ = subscript_
    self.deinit_ = deinit_
    self.class = `class`
    self.throws = `throws`
    self.additionalProperties = additionalProperties
  }
}

///
public struct Values: Sendable, Hashable {
  ///
  public var list: [Int]?
  ///
  public var map: [String: Int]?
  ///
  public var optionalList: Nullable<[String]>?
  ///
  public var optionalMap: Nullable<[String: String]>?
  ///
  public var defaultList: [Int]?
  ///
  public var flags: [String]
  ///
  public var numbers: [Int]?
  ///
  public var halves: [Double]?
  ///
  public var truths: [Bool]?
  ///
  public var lies: [Bool]?
  ///
  public var nothings: [Never?]?
  ///
  public var holes: [Int?]?
  ///
  public var grid: [[String?]]?
  ///
  public var gaps: [String: Bool?]?
  ///
  public var perhaps: Perhaps?
  ///
  public var here: Here?
  ///
  public var never: Nothing?
  ///
  public var kind: Kind?
  ///
  public var count: Int?
  ///
  public var object: Nullable<Never_>?

  @inlinable
  public init(list: [Int]?, map: [String: Int]?, optionalList: Nullable<[String]>? = nil, optionalMap: Nullable<[String: String]>? = nil, defaultList: [Int]? = nil, flags: [String], numbers: [Int]? = nil, halves: [Double]? = nil, truths: [Bool]? = nil, lies: [Bool]? = nil, nothings: [Never?]? = nil, holes: [Int?]? = nil, grid: [[String?]]? = nil, gaps: [String: Bool?]? = nil, perhaps: Perhaps? = nil, here: Here? = nil, never: Nothing? = nil, kind: Kind? = .none_, count: Int? = 3, object: Nullable<Never_>? = nil) {
    self.list = list
    self.map = map
    self.optionalList = optionalList
    self.optionalMap = optionalMap
    self.defaultList = defaultList
    self.flags = flags
    self.numbers = numbers
    self.halves = halves
    self.truths = truths
    self.lies = lies
    self.nothings = nothings
    self.holes = holes
    self.grid = grid
    self.gaps = gaps
    self.perhaps = perhaps
    self.here = here
    self.never = never
    self.kind = kind
    self.count = count
    self.object = object
  }
}

///
public struct Many: Sendable, Hashable {
  ///
  public var p0: Int
  ///
  public var p1: Int?
  ///
  public var p2: Int?
  ///
  public var p3: Int?
  ///
  public var p4: Int?
  ///
  public var p5: Int?
  ///
  public var p6: Int?
  ///
  public var p7: Int?
  ///
  public var p8: Int?
  ///
  public var p9: Int?
  ///
  public var p10: Int?
  ///
  public var p11: Int?
  ///
  public var p12: Int?
  ///
  public var p13: Int?
  ///
  public var p14: Int?
  ///
  public var p15: Int?
  ///
  public var p16: Int?
  ///
  public var p17: Int?
  ///
  public var p18: Int?
  ///
  public var p19: Int?
  ///
  public var p20: Int?
  ///
  public var p21: Int?
  ///
  public var p22: Int?
  ///
  public var p23: Int?
  ///
  public var p24: Int?
  ///
  public var p25: Int?
  ///
  public var p26: Int?
  ///
  public var p27: Int?
  ///
  public var p28: Int?
  ///
  public var p29: Int?
  ///
  public var p30: Int?
  ///
  public var p31: Int?
  ///
  public var p32: Int?
  ///
  public var p33: Int?
  ///
  public var p34: Int?
  ///
  public var p35: Int?
  ///
  public var p36: Int?
  ///
  public var p37: Int?
  ///
  public var p38: Int?
  ///
  public var p39: Int?
  ///
  public var p40: Int?
  ///
  public var p41: Int?
  ///
  public var p42: Int?
  ///
  public var p43: Int?
  ///
  public var p44: Int?
  ///
  public var p45: Int?
  ///
  public var p46: Int?
  ///
  public var p47: Int?
  ///
  public var p48: Int?
  ///
  public var p49: Int?
  ///
  public var p50: Int?
  ///
  public var p51: Int?
  ///
  public var p52: Int?
  ///
  public var p53: Int?
  ///
  public var p54: Int?
  ///
  public var p55: Int?
  ///
  public var p56: Int?
  ///
  public var p57: Int?
  ///
  public var p58: Int?
  ///
  public var p59: Int?
  ///
  public var p60: Int?
  ///
  public var p61: Int?
  ///
  public var p62: Int?
  ///
  public var p63: Int
  ///
  public var p64: Int
  ///
  public var p65: Int?
  ///
  public var p66: Int?
  ///
  public var p67: Int?
  ///
  public var p68: Int?
  ///
  public var p69: Int?
  ///
  public var p70: Int?
  ///
  public var p71: Int?
  ///
  public var p72: Int?
  ///
  public var p73: Int?
  ///
  public var p74: Int?
  ///
  public var p75: Int?
  ///
  public var p76: Int?
  ///
  public var p77: Int?
  ///
  public var p78: Int?
  ///
  public var p79: Int?
  ///
  public var p80: Int?
  ///
  public var p81: Int?
  ///
  public var p82: Int?
  ///
  public var p83: Int?
  ///
  public var p84: Int?
  ///
  public var p85: Int?
  ///
  public var p86: Int?
  ///
  public var p87: Int?
  ///
  public var p88: Int?
  ///
  public var p89: Int?
  ///
  public var p90: Int?
  ///
  public var p91: Int?
  ///
  public var p92: Int?
  ///
  public var p93: Int?
  ///
  public var p94: Int?
  ///
  public var p95: Int?
  ///
  public var p96: Int?
  ///
  public var p97: Int?
  ///
  public var p98: Int?
  ///
  public var p99: Int?
  ///
  public var p100: Int?
  ///
  public var p101: Int?
  ///
  public var p102: Int?
  ///
  public var p103: Int?
  ///
  public var p104: Int?
  ///
  public var p105: Int?
  ///
  public var p106: Int?
  ///
  public var p107: Int?
  ///
  public var p108: Int?
  ///
  public var p109: Int?
  ///
  public var p110: Int?
  ///
  public var p111: Int?
  ///
  public var p112: Int?
  ///
  public var p113: Int?
  ///
  public var p114: Int?
  ///
  public var p115: Int?
  ///
  public var p116: Int?
  ///
  public var p117: Int?
  ///
  public var p118: Int?
  ///
  public var p119: Int?
  ///
  public var p120: Int?
  ///
  public var p121: Int?
  ///
  public var p122: Int?
  ///
  public var p123: Int?
  ///
  public var p124: Int?
  ///
  public var p125: Int?
  ///
  public var p126: Int?
  ///
  public var p127: Int
  ///
  public var p128: Int
  ///
  public var p129: Int

  @inlinable
  public init(p0: Int, p1: Int? = nil, p2: Int? = nil, p3: Int? = nil, p4: Int? = nil, p5: Int? = nil, p6: Int? = nil, p7: Int? = nil, p8: Int? = nil, p9: Int? = nil, p10: Int? = nil, p11: Int? = nil, p12: Int? = nil, p13: Int? = nil, p14: Int? = nil, p15: Int? = nil, p16: Int? = nil, p17: Int? = nil, p18: Int? = nil, p19: Int? = nil, p20: Int? = nil, p21: Int? = nil, p22: Int? = nil, p23: Int? = nil, p24: Int? = nil, p25: Int? = nil, p26: Int? = nil, p27: Int? = nil, p28: Int? = nil, p29: Int? = nil, p30: Int? = nil, p31: Int? = nil, p32: Int? = nil, p33: Int? = nil, p34: Int? = nil, p35: Int? = nil, p36: Int? = nil, p37: Int? = nil, p38: Int? = nil, p39: Int? = nil, p40: Int? = nil, p41: Int? = nil, p42: Int? = nil, p43: Int? = nil, p44: Int? = nil, p45: Int? = nil, p46: Int? = nil, p47: Int? = nil, p48: Int? = nil, p49: Int? = nil, p50: Int? = nil, p51: Int? = nil, p52: Int? = nil, p53: Int? = nil, p54: Int? = nil, p55: Int? = nil, p56: Int? = nil, p57: Int? = nil, p58: Int? = nil, p59: Int? = nil, p60: Int? = nil, p61: Int? = nil, p62: Int? = nil, p63: Int, p64: Int, p65: Int? = nil, p66: Int? = nil, p67: Int? = nil, p68: Int? = nil, p69: Int? = nil, p70: Int? = nil, p71: Int? = nil, p72: Int? = nil, p73: Int? = nil, p74: Int? = nil, p75: Int? = nil, p76: Int? = nil, p77: Int? = nil, p78: Int? = nil, p79: Int? = nil, p80: Int? = nil, p81: Int? = nil, p82: Int? = nil, p83: Int? = nil, p84: Int? = nil, p85: Int? = nil, p86: Int? = nil, p87: Int? = nil, p88: Int? = nil, p89: Int? = nil, p90: Int? = nil, p91: Int? = nil, p92: Int? = nil, p93: Int? = nil, p94: Int? = nil, p95: Int? = nil, p96: Int? = nil, p97: Int? = nil, p98: Int? = nil, p99: Int? = nil, p100: Int? = nil, p101: Int? = nil, p102: Int? = nil, p103: Int? = nil, p104: Int? = nil, p105: Int? = nil, p106: Int? = nil, p107: Int? = nil, p108: Int? = nil, p109: Int? = nil, p110: Int? = nil, p111: Int? = nil, p112: Int? = nil, p113: Int? = nil, p114: Int? = nil, p115: Int? = nil, p116: Int? = nil, p117: Int? = nil, p118: Int? = nil, p119: Int? = nil, p120: Int? = nil, p121: Int? = nil, p122: Int? = nil, p123: Int? = nil, p124: Int? = nil, p125: Int? = nil, p126: Int? = nil, p127: Int, p128: Int, p129: Int) {
    self.p0 = p0
    self.p1 = p1
    self.p2 = p2
    self.p3 = p3
    self.p4 = p4
    self.p5 = p5
    self.p6 = p6
    self.p7 = p7
    self.p8 = p8
    self.p9 = p9
    self.p10 = p10
    self.p11 = p11
    self.p12 = p12
    self.p13 = p13
    self.p14 = p14
    self.p15 = p15
    self.p16 = p16
    self.p17 = p17
    self.p18 = p18
    self.p19 = p19
    self.p20 = p20
    self.p21 = p21
    self.p22 = p22
    self.p23 = p23
    self.p24 = p24
    self.p25 = p25
    self.p26 = p26
    self.p27 = p27
    self.p28 = p28
    self.p29 = p29
    self.p30 = p30
    self.p31 = p31
    self.p32 = p32
    self.p33 = p33
    self.p34 = p34
    self.p35 = p35
    self.p36 = p36
    self.p37 = p37
    self.p38 = p38
    self.p39 = p39
    self.p40 = p40
    self.p41 = p41
    self.p42 = p42
    self.p43 = p43
    self.p44 = p44
    self.p45 = p45
    self.p46 = p46
    self.p47 = p47
    self.p48 = p48
    self.p49 = p49
    self.p50 = p50
    self.p51 = p51
    self.p52 = p52
    self.p53 = p53
    self.p54 = p54
    self.p55 = p55
    self.p56 = p56
    self.p57 = p57
    self.p58 = p58
    self.p59 = p59
    self.p60 = p60
    self.p61 = p61
    self.p62 = p62
    self.p63 = p63
    self.p64 = p64
    self.p65 = p65
    self.p66 = p66
    self.p67 = p67
    self.p68 = p68
    self.p69 = p69
    self.p70 = p70
    self.p71 = p71
    self.p72 = p72
    self.p73 = p73
    self.p74 = p74
    self.p75 = p75
    self.p76 = p76
    self.p77 = p77
    self.p78 = p78
    self.p79 = p79
    self.p80 = p80
    self.p81 = p81
    self.p82 = p82
    self.p83 = p83
    self.p84 = p84
    self.p85 = p85
    self.p86 = p86
    self.p87 = p87
    self.p88 = p88
    self.p89 = p89
    self.p90 = p90
    self.p91 = p91
    self.p92 = p92
    self.p93 = p93
    self.p94 = p94
    self.p95 = p95
    self.p96 = p96
    self.p97 = p97
    self.p98 = p98
    self.p99 = p99
    self.p100 = p100
    self.p101 = p101
    self.p102 = p102
    self.p103 = p103
    self.p104 = p104
    self.p105 = p105
    self.p106 = p106
    self.p107 = p107
    self.p108 = p108
    self.p109 = p109
    self.p110 = p110
    self.p111 = p111
    self.p112 = p112
    self.p113 = p113
    self.p114 = p114
    self.p115 = p115
    self.p116 = p116
    self.p117 = p117
    self.p118 = p118
    self.p119 = p119
    self.p120 = p120
    self.p121 = p121
    self.p122 = p122
    self.p123 = p123
    self.p124 = p124
    self.p125 = p125
    self.p126 = p126
    self.p127 = p127
    self.p128 = p128
    self.p129 = p129
  }
}


@main struct SpecTool { static func main() {} }

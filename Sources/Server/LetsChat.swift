@main struct LetsChat { static func main() {} }

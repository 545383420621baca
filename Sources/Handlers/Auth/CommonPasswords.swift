/// The passwords of eight characters and more that are tried first: the heads of the published lists of leaked ones,
/// in lower case, and what this product's name suggests.
let commonPasswords: Set<String> = Set(
  """
  00000000 000000000 0000000000 0987654321 10101010 11111111 111111111 1111111111 11223344 1122334455 112233445566
  12121212 123123123 123321123 12341234 12344321 123454321 1234554321 12345678 123456789 1234567890 1234567891
  12345678910 123456aa 123456abc 123456qwerty 12345qwert 1234abcd 1234qwer 123654789 123698745 123abc123 123qweasd
  123qweasdzxc 12qwaszx 13131313 147258369 147852369 159357456 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx
  1qaz2wsx3edc 20012001 20202020 22222222 31415926 321654987 33333333 44444444 55555555 66666666 69696969 741852963
  77777777 789456123 88888888 888888888 963852741 987654321 9876543210 99999999 999999999 a1234567 a12345678
  a123456789 a1b2c3d4 a1b2c3d4e5 aa123456 aa12345678 aaaaaaaa abc12345 abc123456 abc123abc abcd1234 abcd12345
  abcdefg1 abcdefgh abcdefghi abcdefghij access14 admin123 admin1234 admin12345 admin@123 administrator alexander
  alexandra angel123 arsenal1 asd123456 asdf1234 asdfasdf asdfgh123 asdfghjk asdfghjkl asshole1 autumn2025 baby1234
  babyboy1 babygirl babygirl1 banana123 barcelona baseball baseball1 basketball batman123 beautiful beautiful1
  benjamin bigdaddy blessed1 blink182 bullshit butterfly butterfly1 changeit changeme1 changeme123 charlie1
  cheese123 chelsea1 chocolate chocolate1 christian christopher computer computer1 cookie123
  correcthorsebatterystaple corvette counterstrike cowboys1 danielle december default1 default123 dolphins dragon123
  dragonball dragonfly elephant eminem123 facebook facebook1 ferrari1 football football1 football123 forever1
  freedom1 friends1 fuckyou1 fuckyou123 fuckyou2 gamecube godisgood goodluck goodmorning google123 guest123
  harley123 hello123 hello1234 hellohello hellokitty helloworld iloveu123 iloveyou iloveyou1 iloveyou123 iloveyou2
  internet internet1 isabella january1 jennifer jessica1 jesus123 jesuschrist jonathan jordan123 jordan23 juventus1
  killer123 lakers24 letmein! letmein1 letmein123 letmeinnow letschat letschat1 letschat123 linkedin liverpool
  liverpool1 lovelove loveme123 loveyou1 manchester master123 matrix123 maverick mercedes metallica michael1
  michelle midnight minecraft minecraft1 monday123 monkey123 mountain mustang1 mypassword myspace1 ncc1701d
  newpassword nicholas nintendo nirvana1 nopassword november opensesame p@ssw0rd p@ssw0rd1 p@ssw0rd123 p@ssword
  pa$$word pa55word packers1 pass1234 pass12345 passw0rd password password! password1 password1! password12
  password123 password1234 password12345 passwort passwort1 passwort123 patrick1 playstation pokemon1 pokemon123
  princess princess1 princess123 pussy123 q1234567 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123 qazwsxedc qq123456
  qwe123456 qweasd123 qweasdzxc qweqweqwe qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty
  qwertyui qwertyuiop rainbow1 realmadrid redskins rockstar1 root1234 rootroot samantha samsung1 samsung123 scarface
  sebastian secret123 shadow123 slipknot snoopy123 spiderman spiderman1 spring2025 startrek starwars starwars1
  steelers summer123 summer2024 summer2025 sunshine sunshine1 superman superman1 superman123 superstar sweetheart
  swordfish temp1234 temppass test1234 test12345 testing1 testing123 testtest thepassword thunder1 tinkerbell
  trustno1 unicorn1 user1234 veronica victoria warcraft welcome! welcome1 welcome12 welcome123 welcome2024
  welcome2025 whatever whatever1 winter123 winter2024 winter2025 yankees1 yourpassword youtube1 zaq12wsx zaq1xsw2
  zaq1zaq1 zxcvbnm1 zxcvbnm123 zz123456
  """.split(whereSeparator: \.isWhitespace).map(String.init))

#include "sekimori/report/exceptions.h"

#include "sekimori/bytes/error.h"

#include <catch2/catch.hpp>

namespace sekimori::test {
namespace {

struct Case {
  std::string name, text, says;  // `says`: what was read, or the error
};

std::string said(const std::string& text) {
  try {
    std::string all;
    for (const auto& each : parse_exceptions(text, "x.csv"))
      all += each.client + '>' + each.server + ' ' + each.transport + '/' + each.port + ' ' +
             each.note + ';';
    return all;
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_CASE("Exceptions: what is read, and what is refused", "[report]") {
  const auto& c = GENERATE(from_range(std::vector<Case>{
      {"a row", "client,server,transport,port,note\n10.1.1.5,10.2.2.7,tcp,502,why\n",
       "10.1.1.5>10.2.2.7 tcp/502 why;"},
      {"'' is any", "client,server,transport,port,note\n,10.2.2.7,,,\n", ">10.2.2.7 / ;"},
      {"columns in any order, a mark, CRLF, blanks, capitals",
       "\xef\xbb\xbfserver,client,port,transport\r\n 10.2.2.7 ,Office,443,TCP\r\n\r\n",
       "Office>10.2.2.7 tcp/443 ;"},
      {"a quoted note", "client,server,note\na,b,\"one, \"\"two\"\"\nthree\"\n",
       "a>b / one, \"two\"\nthree;"},
      {"an address in its usual form", "client,server\nFD00:0::7,\n", "fd00::7> / ;"},
      {"JSON", R"([{"client": "a", "server": "b", "transport": "udp", "port": 53}])",
       "a>b udp/53 ;"},
      {"an unknown column", "client,sever\n",
       "x.csv: row 1: no such column: \"sever\"; did you "
       "mean \"server\"?"},
      {"a column twice", "client,client\n", "x.csv: row 1: the column \"client\" stands twice"},
      {"too many cells", "client,server\na,b,c\n", "x.csv: row 2: 3 cells, but the header has 2"},
      {"no such transport", "client,transport\na,http\n",
       "x.csv: row 2: no such transport: \"http\"; tcp, udp, ip, ethernet, llc, snap or wlan, or "
       "empty "
       "for any"},
      {"no port", "client,port\na,50x\n",
       "x.csv: row 2: not a port: \"50x\"; 0 to 65535, or empty for any"},
      {"a port too high", "client,port\na,65536\n",
       "x.csv: row 2: not a port: \"65536\"; 0 to 65535, or empty for any"},
      {"everything", "client,server,port\n,,502\n",
       "x.csv: row 2: names neither client nor server: it would except everything"},
      {"an open quote", "client\n\"a\n", "x.csv: row 2: a quote is not closed"},
      {"text behind a quote", "client\n\"a\"b\n",
       "x.csv: row 2: something follows a closing quote"},
      {"nothing", "", "x.csv: empty: the first row names the columns"},
      {"a JSON object", R"({"client": "a"})", "x.csv: not a JSON array of objects"},
      {"broken JSON", "[",
       "x.csv: parse error at line 1, column 2: syntax error while parsing value - unexpected end "
       "of "
       "input; expected '[', '{', or a literal"},
      {"JSON with an unknown key", R"([{"banana": "a"}])",
       "x.csv: row 1: no such column: \"banana\""},
      {"JSON with a list", R"([{"client": ["a"]}])",
       "x.csv: row 1: neither text nor a whole number: \"client\""},
  }));
  CAPTURE(c.name);
  CHECK(said(c.text) == c.says);
}

TEST_CASE("Exceptions: a port is compared as the number that it is", "[report]") {
  Database model{":memory:", Database::Mode::create};
  model.execute(schema_sql());
  write_exceptions({{"a", "b", "tcp", "502", ""}, {"a", "b", "tcp", "", ""}}, model);
  auto row = model.prepare(
      "SELECT COUNT(*) FILTER (WHERE port = 502), COUNT(*) FILTER (WHERE port = '') FROM "
      "exception");
  REQUIRE(row.step());
  CHECK(row.integer(0) == 1);
  CHECK(row.integer(1) == 1);
}

}  // namespace
}  // namespace sekimori::test

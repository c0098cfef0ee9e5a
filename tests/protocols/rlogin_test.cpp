#include "remote_shell.h"

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a terminal",
     {client("00 6f7000 726f6f7400 787465726d2f3338343000"_hex), server("00"_hex), server("$ ")},
     "request 1 login; event login rlogin, user root; executed"},
    {"refused",
     {client("00 6f7000 00 787465726d2f3338343000"_hex), server("Permission denied.\n")},
     "request 1 login; event login rlogin, user op; rejected for 1; "
     "event login-rejected rlogin"},
};

TEST_CASE("rlogin: what a dialogue means, whole, byte by byte and cut", "[rlogin]") {
  check_meaning(cases, kShellPort);
}

TEST_CASE("rlogin: what follows is left alone", "[rlogin]") {
  check_shell_is_left_alone_after(cases[0].dialogue);
}

TEST_CASE("rlogin: without its port it is nothing, and on it not everything", "[rlogin]") {
  check_shell_recognition(cases[0].dialogue[0].bytes);
}

TEST_CASE("rlogin: damaged dialogues are survived", "[rlogin]") {
  check_shell_survival(cases);
}

}  // namespace
}  // namespace sekimori::test

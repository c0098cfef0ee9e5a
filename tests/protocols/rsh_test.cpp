#include "remote_shell.h"

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a command",
     {client("31303232 00 726f6f7400 6f7000 6c7300"_hex), server("00"_hex), server("a b")},
     "request 1 run-command; event login rsh, user op; executed; event anonymous-login rsh"},
    {"refused",
     {client("00 6f7000 6f7000 6c7300"_hex), server("\x01Permission denied.\n")},
     "request 1 run-command; event login rsh, user op; rejected for 1; "
     "event login-rejected rsh"},
};

TEST_CASE("rsh: what a dialogue means, whole, byte by byte and cut", "[rsh]") {
  check_meaning(cases, kShellPort);
}

TEST_CASE("rsh: what follows is left alone", "[rsh]") {
  check_shell_is_left_alone_after(cases[0].dialogue);
}

TEST_CASE("rsh: without its port it is nothing, and on it not everything", "[rsh]") {
  check_shell_recognition(cases[0].dialogue[0].bytes);
}

TEST_CASE("rsh: damaged dialogues are survived", "[rsh]") {
  check_shell_survival(cases);
}

}  // namespace
}  // namespace sekimori::test

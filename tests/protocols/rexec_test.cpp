#include "remote_shell.h"

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a command",
     {client("31303232 00 6f7000 6f7000 6c7300"_hex), server("00"_hex), server("a b")},
     "request 1 run-command; event cleartext-login rexec, user op, password same as user; "
     "executed"},
    {"refused",
     {client("00 6f7000 546f705365637265743900 6c7300"_hex), server("\x01Login incorrect.\n")},
     "request 1 run-command; event cleartext-login rexec, user op, password not default; "
     "rejected for 1; event login-rejected rexec"},
};

TEST_CASE("rexec: what a dialogue means, whole, byte by byte and cut", "[rexec]") {
  check_meaning(cases, kShellPort);
}

TEST_CASE("rexec: what follows is left alone", "[rexec]") {
  check_shell_is_left_alone_after(cases[0].dialogue);
}

TEST_CASE("rexec: without its port it is nothing, and on it not everything", "[rexec]") {
  check_shell_recognition(cases[0].dialogue[0].bytes);
}

TEST_CASE("rexec: damaged dialogues are survived", "[rexec]") {
  check_shell_survival(cases);
}

}  // namespace
}  // namespace sekimori::test

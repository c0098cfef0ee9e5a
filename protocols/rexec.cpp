// rexec: the manual of BSD's rexecd; a command, run behind a password that can be read. Code: `1`.
// What follows is left.

#include "sekimori/dissect/remote_shell.h"

#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 512}});

constexpr auto kOperations = std::to_array<Operation>({
    {kShellRequest, "run-command", Access::unknown, "1"},
});

Extent extent(ByteCursor stream, const Context& context) noexcept {
  return shell_extent(stream, context, RemoteShell::rexec);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  dissect_shell(message, context, RemoteShell::rexec, out);
}

const Registration registration{{
    .name = "rexec",
    .title = "rexec",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori

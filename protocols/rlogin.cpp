// rlogin: RFC 1282; a terminal, whose password, if any, crosses readable behind it. Code: `1`. What
// follows is left.

#include "sekimori/dissect/remote_shell.h"

#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 513}});

constexpr auto kOperations = std::to_array<Operation>({
    {kShellRequest, "login", Access::authenticate, "1"},
});

Extent extent(ByteCursor stream, const Context& context) noexcept {
  return shell_extent(stream, context, RemoteShell::rlogin);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  dissect_shell(message, context, RemoteShell::rlogin, out);
}

const Registration registration{{
    .name = "rlogin",
    .title = "rlogin",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori

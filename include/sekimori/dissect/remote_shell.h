#pragma once

#include "sekimori/dissect/dissector.h"

// How Berkeley's remote commands begin: words, each behind which stands a zero (RFC 1282; the
// manuals of rexecd and rshd). There is no sign of their own in them: they are told on their ports
// alone.
namespace sekimori {

enum class RemoteShell : std::uint8_t {
  rexec,   ///< port for errors, user, password, command
  rsh,     ///< port for errors, user there, user here, command
  rlogin,  ///< nothing, user there, user here, terminal
};

inline constexpr std::uint32_t kShellRequest = 1;

[[nodiscard]] Extent shell_extent(ByteCursor stream, const Context& context,
                                  RemoteShell shell) noexcept;
void dissect_shell(ByteCursor& message, const Context& context, RemoteShell shell, Observer& out);

}  // namespace sekimori

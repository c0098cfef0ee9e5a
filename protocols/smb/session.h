#pragma once

// What both families of SMB keep of a flow, and what they say alike.

#include "sekimori/dissect/dce_rpc.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/ntlm.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sekimori::smb {

inline constexpr std::size_t kFrameHeader = 4;  // RFC 1002, 4.3.1; [MS-SMB2] 2.1

/// The flow's words: 0 bits, 1 the tree that is IPC$.
class State {
 public:
  enum Bit : std::uint64_t {
    netbios = 1,  ///< a NetBIOS session was asked for
    version_told = 2,
    plain_passwords = 4,  ///< the server asks for none that are encrypted
    logging_in = 8,       ///< credentials wait for their answer
    encryption_told = 16,
    spoken = 32,
  };

  explicit State(FlowState& words) noexcept : words_(words) {}

  [[nodiscard]] bool is(Bit bit) const noexcept { return (words_[0] & bit) != 0; }
  void set(Bit bit) noexcept { words_[0] |= bit; }
  void clear(Bit bit) noexcept { words_[0] &= ~std::uint64_t{bit}; }
  /// True the first time.
  bool first(Bit bit) noexcept {
    const bool is_first = !is(bit);
    set(bit);
    return is_first;
  }

  void pipes(std::uint32_t tree) noexcept { words_[1] = (std::uint64_t{1} << 32U) | tree; }
  [[nodiscard]] bool knows_pipes() const noexcept { return words_[1] != 0; }
  [[nodiscard]] bool is_pipes(std::uint32_t tree) const noexcept {
    return words_[1] == ((std::uint64_t{1} << 32U) | tree);
  }

 private:
  FlowState& words_;
};

/// [MS-ERREF] 2.3: the two high bits of an error. More processing is a step of a login.
[[nodiscard]] inline bool is_error(std::uint32_t status) noexcept {
  constexpr std::uint32_t kMoreProcessing = 0xc0000016;
  return (status >> 30U) == 3 && status != kMoreProcessing;
}

inline void fail(ByteCursor& cursor) noexcept {
  cursor.skip(cursor.remaining() + 1);
}

inline void say(Observer& out, Property property, const SmallText& text,
                Confidence confidence = Confidence::stated) {
  if (!text.empty()) out.property({}, property, text.bytes(), confidence);
}

/// A GUID as Windows writes it ([MS-DTYP] 2.3.4.3); nothing where it is zero.
inline void say_guid(std::string_view label, Bytes guid, Observer& out) {
  ByteCursor cursor{guid};
  if (std::ranges::all_of(guid, [](std::uint8_t byte) { return byte == 0; })) return;
  constexpr std::string_view kDigits = "0123456789abcdef";
  SmallText text{label};
  const auto add = [&](std::uint64_t value, unsigned digits) {
    for (unsigned i = digits; i > 0; --i) text.add(kDigits[(value >> (4 * (i - 1))) & 0xfU]);
  };
  text.add(' ');
  add(cursor.le32(), 8);
  text.add('-');
  add(cursor.le16(), 4);
  text.add('-');
  add(cursor.le16(), 4);
  text.add('-');
  add(cursor.be16(), 4);
  text.add('-');
  add(cursor.be16(), 4);
  add(cursor.be32(), 8);
  if (cursor.ok()) say(out, Property::identifier, text);
}

/// Credentials of a session setup; true where they are final, so that an error refuses them.
inline bool say_credentials(Bytes token, Observer& out) {
  if (has_kerberos(token)) {
    out.event(Event::login, "Kerberos");
    return true;
  }
  return say_ntlm(token, out);
}

inline void say_login_rejected(std::uint32_t status, Observer& out) {
  out.event(Event::login_rejected, SmallText{"SMB status "}.hex(status, 8).view());
}

[[nodiscard]] inline bool is_ipc(std::string_view share) noexcept {
  constexpr std::string_view kName = "IPC$";
  return share.size() >= kName.size() &&
         same_word(share.substr(share.size() - kName.size()), kName);
}

/// Pipes by which Windows is managed from afar ([MS-SCMR] 2.1, [MS-SAMR] 2.1 and their like): known
/// by name where the tree's opening was not heard.
[[nodiscard]] inline bool is_known_pipe(std::string_view name) noexcept {
  constexpr auto kPipes = std::to_array<std::string_view>(
      {"svcctl", "samr", "lsarpc", "srvsvc", "wkssvc", "winreg", "atsvc", "spoolss", "netlogon",
       "browser", "epmapper", "eventlog", "ntsvcs", "lsass", "psexesvc"});
  while (name.starts_with('\\')) name.remove_prefix(1);
  return std::ranges::any_of(kPipes, [&](std::string_view pipe) { return same_word(name, pipe); });
}

/// What is opened: a pipe is a target by its name; files are too many for that, and the one that
/// comes into being is an event.
struct Opening {
  SmallText name;
  bool pipe = false;
  bool creates = false;
};

// [MS-CIFS] 2.2.4.64.1, [MS-SMB2] 2.2.13: supersede, create, overwrite, overwrite-if; no directory.
[[nodiscard]] inline bool creates_file(std::uint32_t disposition, std::uint32_t options) noexcept {
  const bool anew = disposition == 0 || disposition == 2 || disposition == 4 || disposition == 5;
  return anew && (options & 1U) == 0;
}

inline void say_opening(std::uint32_t code, const Opening& opening, std::uint64_t key,
                        Observer& out) {
  auto name = opening.name.view();
  while (name.starts_with('\\')) name.remove_prefix(1);
  if (opening.pipe) {
    out.request(code, Target{.name = bytes_of(name)}, key);
    return;
  }
  out.request(code, {}, key);
  if (opening.creates && !name.empty())
    out.event(Event::transfer, SmallText{"create "}.add(name).view());
}

/// Tells the pipes of one flow apart, and is never 0: from a file id ([MS-SMB2] 2.2.14.1).
[[nodiscard]] inline std::uint64_t take_pipe(ByteCursor& cursor) noexcept {
  const auto persistent = cursor.le64();
  const auto mixed = persistent ^ cursor.le64();
  return ((mixed ^ mixed >> 32U) & 0x3fffffffU) | 0x40000000U;
}

/// What crosses a pipe is DCE/RPC where its first fragment says so ([MS-RPCE] 2.1.1.2).
inline void say_pipe(Bytes data, std::uint64_t pipe, const Context& context, Observer& out) {
  constexpr int kMostFragments = 16;
  auto about = context;
  about.on_seat = false;
  about.seat = pipe;
  for (int i = 0; i < kMostFragments && !data.empty(); ++i) {
    const auto extent = dce_extent(ByteCursor{data});
    if (!extent.is_message()) return;
    const auto bytes = data.first(std::min(extent.size(), data.size()));
    ByteCursor message{bytes};
    out.carry("dcerpc", message, about);
    data = data.subspan(bytes.size());
  }
}

}  // namespace sekimori::smb

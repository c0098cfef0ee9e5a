// AnyDesk's search for others on the local network, as published analyses have it, for its maker
// publishes no format: datagrams to 239.255.102.18. Its sessions are TLS, told by the names that
// its certificates bear: see the view `talk`. Code: `1` announcement.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats =
    std::to_array<Seat>({{Over::udp, 50001}, {Over::udp, 50002}, {Over::udp, 50003}});

constexpr std::uint32_t kAnnouncement = 1;
constexpr auto kOperations = std::to_array<Operation>({
    {kAnnouncement, "announce", Access::discover, "1"},
});

constexpr std::uint32_t kMark = 0x3ed101;
constexpr std::uint32_t kLongestText = 256;
constexpr std::uint8_t kMostSystem = 16;

struct Announcement {
  std::uint32_t number = 0;
  std::string_view host;
  std::string_view user;
};

std::string_view take_text(ByteCursor& cursor) noexcept {
  const auto size = cursor.be32();
  if (size > kLongestText) {
    cursor.skip(cursor.remaining() + 1);
    return {};
  }
  return view_of(cursor.take(size));
}

// Mark, the host's number, zero, two, its system; then its name and its user's.
Announcement announcement_of(ByteCursor& message) noexcept {
  Announcement found;
  const auto mark = message.be24();
  found.number = message.be32();
  const auto zero = message.be32();
  const auto two = message.u8();
  const auto system = message.u8();
  found.host = take_text(message);
  found.user = take_text(message);
  if (mark != kMark || zero != 0 || two != 2 || system > kMostSystem || !message.ok() ||
      found.host.empty() || !is_printable(found.host) || !is_printable(found.user))
    return {};
  return found;
}

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto size = stream.remaining();
  return announcement_of(stream).host.empty() ? Extent::foreign() : Extent::of(size);
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto found = announcement_of(message);
  if (found.host.empty()) return;
  message.skip(message.remaining());
  out.notice(kAnnouncement, {});
  out.property({}, Property::name, bytes_of(found.host), Confidence::stated);
  out.property({}, Property::software, bytes_of("AnyDesk"), Confidence::stated);
  if (found.number != 0)
    out.property({}, Property::identifier, SmallText{"AnyDesk "}.decimal(found.number).bytes(),
                 Confidence::stated);
}

const Registration registration{{
    .name = "anydesk",
    .title = "AnyDesk",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori

#pragma once

#include "sekimori/bytes/address.h"
#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekimori {

// The message of RFC 1035, 4, which DNS, mDNS, LLMNR and the NetBIOS name service share.

/// Record types that dissectors look into; a value outside the list is any other.
enum class DnsType : std::uint16_t {
  a = 1,
  cname = 5,
  ptr = 12,
  hinfo = 13,
  txt = 16,
  aaaa = 28,
  nb = 32,      ///< RFC 1002, 4.2.1.2; elsewhere NIMLOC
  nbstat = 33,  ///< RFC 1002, 4.2.1.2; elsewhere SRV
  srv = 33,
};

struct DnsHeader {
  static constexpr std::size_t kSize = 12;

  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::array<std::uint16_t, 4> counts{};  ///< questions, answers, authority, additional

  [[nodiscard]] constexpr bool is_response() const noexcept { return (flags & 0x8000U) != 0; }
  [[nodiscard]] constexpr unsigned opcode() const noexcept { return (flags >> 11U) & 15U; }
  [[nodiscard]] constexpr unsigned rcode() const noexcept { return flags & 15U; }
};

/// A domain name with dots between its labels and none at its end; the root is empty. Bytes of a
/// label stand as they came: the model cleans them.
struct DnsName {
  SmallText text;
  std::size_t labels = 0;
  std::size_t first_size = 0;  ///< of the first label, which may hold dots (mDNS, NetBIOS)

  [[nodiscard]] std::string_view view() const noexcept { return text.view(); }
  [[nodiscard]] std::string_view first() const noexcept { return view().substr(0, first_size); }
  /// What follows the first label.
  [[nodiscard]] std::string_view rest() const noexcept {
    return labels < 2 ? std::string_view{} : view().substr(first_size + 1);
  }
};

/// Without regard to the case of ASCII letters (RFC 4343).
[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool name_ends_with(std::string_view name, std::string_view tail) noexcept;

/// The address that a name under in-addr.arpa or ip6.arpa stands for (RFC 1035, 3.5; RFC
/// 3596, 2.5).
[[nodiscard]] std::optional<IpAddress> reverse_address(std::string_view name) noexcept;

struct DnsQuestion {
  DnsName name;
  std::uint16_t type = 0;
  std::uint16_t cls = 0;
};

enum class DnsSection : std::uint8_t { answer, authority, additional };

struct DnsRecord {
  DnsName owner;
  std::uint16_t type = 0;
  std::uint16_t cls = 0;
  std::uint32_t ttl = 0;
  DnsSection section = DnsSection::answer;
  Bytes data;
  std::size_t data_at = 0;  ///< of the message; names in the data may point back into it

  [[nodiscard]] bool is(DnsType wanted) const noexcept {
    return type == static_cast<std::uint16_t>(wanted);
  }
  /// Of an A or AAAA record of the right size, else none.
  [[nodiscard]] IpAddress address() const noexcept;
};

/// Reads a message from front to end. A compressed name may only point backwards, and ever further
/// back (RFC 1035, 4.1.4 says "prior occurrence"), so that no name turns in a circle.
class DnsReader {
 public:
  enum class State : std::uint8_t {
    whole,
    cut,    ///< the bytes end before the message does
    broken  ///< no message of this form
  };

  explicit DnsReader(Bytes message) noexcept;

  [[nodiscard]] const DnsHeader& header() const noexcept { return header_; }
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool ok() const noexcept { return state_ == State::whole; }
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }

  /// The next question; false once there is none or the message broke off.
  bool next(DnsQuestion& question) noexcept;
  /// The next record, after the questions; false once there is none or the message broke off.
  bool next(DnsRecord& record) noexcept;

  /// The name that stands `skip` bytes into the record's data.
  [[nodiscard]] std::optional<DnsName> name_in(const DnsRecord& record,
                                               std::size_t skip) const noexcept;

  /// Hands the outcome to the cursor that the message came in: at its end, and failed where cut.
  void settle(ByteCursor& message) const noexcept;

  /// How the message ends, looking at every question and record of it.
  [[nodiscard]] static State walk(Bytes message) noexcept;

 private:
  bool read_name(DnsName& name) noexcept;
  bool fail(State state) noexcept;

  Bytes message_;
  DnsHeader header_;
  std::size_t at_ = 0;
  std::array<std::uint16_t, 4> left_{};
  State state_ = State::whole;
};

/// The message at the front of a datagram for those who share this form: on a seat, a header and
/// a first question suffice; elsewhere everything must be there and right, to the last byte.
enum class DnsFit : std::uint8_t { fits, cut, foreign };
[[nodiscard]] DnsFit dns_fit(Bytes message, bool on_seat) noexcept;

/// True where the header's counts could stand in a message of `size` bytes: a question takes five
/// at least, a record eleven.
[[nodiscard]] bool counts_fit(const DnsHeader& header, std::size_t size) noexcept;

}  // namespace sekimori

#pragma once

#include "sekimori/bytes/address.h"
#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/over.h"
#include "sekimori/bytes/text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sekimori {

/// What a message asks of a device, in words that hold for every protocol. Rules about behaviour
/// are written in these, not in function codes.
enum class Access : std::uint8_t {
  read,
  write,    ///< changes process values
  force,    ///< overrides a value against the program
  control,  ///< start, stop, mode, restart
  program,  ///< download or delete of program parts
  upload,   ///< program or configuration read out
  firmware,
  file,
  configure,  ///< addresses, names, parameters of the device itself
  time,
  authenticate,
  discover,  ///< who is there, what are you
  diagnose,
  report,   ///< unasked values or alarms
  session,  ///< opens, keeps or closes the channel itself; asks nothing of the process
  unknown,  ///< a code that the protocol's table lacks
};
inline constexpr std::size_t kAccessCount = 16;

enum class Outcome : std::uint8_t { executed, rejected };

/// One row of a protocol's table of operations.
struct Operation {
  std::uint32_t code = 0;
  std::string_view name = {};  ///< lower-case words with dashes
  Access access = Access::unknown;
  std::string_view notation = {};  ///< the code as people write it; empty: Dissector::notate
};

/// Upon what an operation acts. `unit` and `name` are identity; `first..last` is a range that
/// grows (the model keeps the least and the greatest), so that its size follows the network and
/// not the number of distinct addresses.
struct Target {
  static constexpr std::uint32_t kNoUnit = 0xffffffff;

  std::uint32_t unit = kNoUnit;  ///< device behind the address: Modbus unit, DNP3 destination
  Bytes name = {};               ///< what is acted upon: `coil`, `holding-register`, a tag, a path
  std::uint64_t first = 0;       ///< first..last as the protocol counts; first > last: no range
  std::uint64_t last = 0;
  bool has_range = false;
};

/// What is known of an asset. The text of each in files is to_text(Property).
enum class Property : std::uint8_t {
  name,    ///< host, station or device name
  domain,  ///< DNS, NT or realm
  vendor,
  product,   ///< product or module name
  model,     ///< order or catalogue number, product code
  hardware,  ///< hardware revision
  firmware,  ///< firmware or software revision of a device
  serial,
  os,
  software,  ///< server banner, user agent, application
  description,
  location,
  contact,
  mode,          ///< run, stop, program ... of a controller
  capability,    ///< what it says it does: bridge, router, wlan-ap, ...
  address_plan,  ///< DHCP server, router, DNS server handed out: `router 10.0.0.1`
  certificate,   ///< subject of a certificate
  identifier,    ///< DHCP client id, SMB GUID, SSH key: equal values mean the same machine
};
inline constexpr std::size_t kPropertyCount = 18;

/// How much a property's source is worth.
enum class Confidence : std::uint8_t {
  guessed = 30,   ///< from a habit: a banner's wording, a port
  observed = 60,  ///< said of it by another, or by a name service
  stated = 90,    ///< said by the device itself in its own protocol
};

/// Whom a statement is about.
struct Subject {
  enum class Kind : std::uint8_t { sender, receiver, client, server, ip, mac };

  Kind kind = Kind::sender;
  std::uint32_t unit = Target::kNoUnit;  ///< a device behind that address
  IpAddress ip = {};                     ///< where kind is ip
  Mac mac = {};                          ///< where kind is mac
};

/// A fact of a conversation that is neither an operation nor an asset's property.
enum class Event : std::uint8_t {
  version,          ///< protocol version in use: `TLS 1.0`, `SSH-1.99`, `SMB 1`, `SNMP v2c`
  encrypted,        ///< the channel is encrypted from here on: `TLS`, `SSH`, `NLA`
  server_name,      ///< name asked for: TLS SNI, HTTP Host
  cleartext_login,  ///< credentials readable on the wire: `user operator, password default`
  anonymous_login,  ///< access without a secret: anonymous FTP, VNC security type None
  login,            ///< an account was used; no secret readable: `NTLM PLANT\op1`
  login_rejected,
  mode_change,   ///< a controller's mode changed
  device_state,  ///< what a device tells of itself: restart, configuration corrupt, trouble
  certificate,   ///< what a certificate is: `self-signed CN=plc1`
  wireless,      ///< a sign of radio
  tunnel,        ///< a tunnel or VPN: `OpenVPN`, `IKE`
  transfer,      ///< a file or a program crosses: its name
  malformed,     ///< the protocol's own rules are broken: what and where
};
inline constexpr std::size_t kEventCount = 14;

[[nodiscard]] std::string_view to_text(Access access) noexcept;
[[nodiscard]] std::string_view to_text(Property property) noexcept;
[[nodiscard]] std::string_view to_text(Event event) noexcept;

enum class Sender : std::uint8_t { client, server };
[[nodiscard]] constexpr Sender other(Sender sender) noexcept {
  return sender == Sender::client ? Sender::server : Sender::client;
}

/// Bytes that a dissector gathers over several messages: DNP3 transport segments, COTP data,
/// CIP over several packets. Bounded; what does not fit is refused and counted by the core.
class StreamBuffer {
 public:
  static constexpr std::size_t kMost = 65536;
  /// In a key of Observer::buffer: one buffer of both directions, such as what the two ends agreed.
  static constexpr std::uint64_t kShared = std::uint64_t{1} << 63U;

  /// False where it would grow past kMost: the buffer is then cleared.
  bool append(Bytes bytes);
  void clear() noexcept { bytes_.clear(); }
  [[nodiscard]] Bytes view() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t held() const noexcept { return bytes_.capacity(); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Words that a dissector may keep for the life of one flow, zero at first: a login's state, a
/// negotiated option. Shared by both directions.
using FlowState = std::array<std::uint64_t, 4>;

/// Where a message was met. `sender` is sure once Dissector::sender or a handshake told it.
struct Context {
  Over over = Over::nothing;
  Sender sender = Sender::client;
  bool sender_known = false;
  bool on_seat = false;    ///< the server's number is one of the dissector's seats
  bool to_group = false;   ///< the flow goes to a multicast or broadcast address
  std::uint64_t seat = 0;  ///< the server's port, EtherType, ...
  IpAddress source = {};   ///< of the sender; unset below IP
  IpAddress destination = {};
  Mac source_mac = {};
  Mac destination_mac = {};
  FlowState* state = nullptr;  ///< never null when the core calls

  // Of a message that another protocol carries, what that one knows of it.
  std::uint64_t exchange = 0;  ///< the answer's carrier repeats it: a key for request and reply
  std::uint64_t channel = 0;   ///< which of several within the flow: a CIP connection
  std::uint32_t unit = Target::kNoUnit;  ///< the device behind the address that it is for
};

/// An ICMP message's word that a packet was not delivered, and the packet it quotes.
struct Blocked {
  IpAddress source = {};  ///< of the quoted packet
  IpAddress destination = {};
  Over over = Over::nothing;  ///< tcp, udp or ip
  std::uint64_t number = 0;   ///< the quoted destination port or IP protocol
  std::uint16_t reason = 0;   ///< ICMP type << 8 | code
};

/// Hears what a dissector makes of one message. The core knows who sent it, when and in which
/// frame; the dissector only says what it means.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// A message that asks and expects an answer. `key` is what the answer will carry (transaction,
  /// reference; 0 where answers come in order). `context` is handed back with the answer.
  virtual void request(std::uint32_t code, const Target& target, std::uint64_t key,
                       std::uint64_t context = 0) = 0;

  /// A message that asks or tells and expects no answer (broadcast, unconfirmed, report).
  virtual void notice(std::uint32_t code, const Target& target) = 0;

  /// The answer to the oldest open request with `key` from the other side. Returns what request()
  /// was given as `context`, or nothing where no such request was seen.
  virtual std::optional<std::uint64_t> reply(std::uint64_t key, Outcome outcome,
                                             std::uint32_t reason = 0) = 0;

  virtual void property(const Subject& subject, Property property, Bytes value,
                        Confidence confidence) = 0;

  /// `mac` says that it has `ip` (ARP, neighbour discovery, DHCP).
  virtual void claim(const Mac& mac, const IpAddress& ip) = 0;

  virtual void event(Event event, std::string_view detail, const Subject& subject = {}) = 0;

  virtual void blocked(const Blocked& blocked) = 0;

  /// A buffer of this flow and direction for `key`, or of both directions where the key has
  /// StreamBuffer::kShared; at most 8 keys a direction, the oldest goes.
  virtual StreamBuffer& buffer(std::uint64_t key) = 0;

  /// Hands a message of another protocol that this one carries (CIP inside EtherNet/IP) to that
  /// protocol's dissector. What it says stands under its own name in the same conversation, and the
  /// keys of its requests are its own; buffers and FlowState are shared. False where there is no
  /// such dissector, or protocols are nested deeper than any real one.
  virtual bool carry(std::string_view protocol, ByteCursor& message, const Context& context) = 0;
};

/// How many bytes the message at the front of a stream takes.
class Extent {
 public:
  static constexpr Extent of(std::size_t size) noexcept { return Extent{size, 0}; }
  static constexpr Extent incomplete() noexcept { return Extent{kIncomplete, 0}; }
  static constexpr Extent foreign() noexcept { return Extent{kForeign, 0}; }
  /// All that follows in this direction is opaque (encrypted, raw): hear no more of it.
  static constexpr Extent opaque() noexcept { return Extent{kOpaque, 0}; }

  /// After the message, `count` bytes follow that nobody needs (a file's content): they are
  /// passed over without being kept.
  [[nodiscard]] constexpr Extent then_skip(std::uint64_t count) const noexcept {
    return Extent{size_, count & ~kNoProof};
  }

  /// The message is well formed, but other protocols begin with it as well (the handshake of a
  /// transport that several ride on): while protocols are told apart it counts for none of them.
  [[nodiscard]] constexpr Extent as_no_proof() const noexcept {
    return Extent{size_, skip_ | kNoProof};
  }

  [[nodiscard]] constexpr bool is_incomplete() const noexcept { return size_ == kIncomplete; }
  [[nodiscard]] constexpr bool is_foreign() const noexcept { return size_ == kForeign; }
  [[nodiscard]] constexpr bool is_opaque() const noexcept { return size_ == kOpaque; }
  [[nodiscard]] constexpr bool is_message() const noexcept { return size_ < kOpaque; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr std::uint64_t skip() const noexcept { return skip_ & ~kNoProof; }
  [[nodiscard]] constexpr bool proves() const noexcept { return (skip_ & kNoProof) == 0; }

  friend constexpr bool operator==(Extent, Extent) = default;

 private:
  static constexpr std::size_t kIncomplete = SIZE_MAX;
  static constexpr std::size_t kForeign = SIZE_MAX - 1;
  static constexpr std::size_t kOpaque = SIZE_MAX - 2;
  static constexpr std::uint64_t kNoProof = std::uint64_t{1} << 63U;  // so that two words hold all

  constexpr Extent(std::size_t size, std::uint64_t skip) noexcept : size_(size), skip_(skip) {}

  std::size_t size_;
  std::uint64_t skip_;
};

/// Where a protocol usually rides. Never proof above IP; at layer 2 the number is the protocol's.
struct Seat {
  Over over = Over::nothing;
  std::uint64_t number = 0;
};

/// A protocol: a few functions and the tables that they read.
struct Dissector {
  std::string_view name = {};   ///< Stable id: the file's name, used by rulesets and reports.
  std::string_view title = {};  ///< For people.
  std::span<const Seat> seats = {};
  std::span<const Operation> operations = {};

  /// True where it may ride over `over` at all; asked for every new flow, so it is a bit set.
  bool over_tcp = false;
  bool over_udp = false;

  /// Valid messages in one direction that prove the protocol off its seats when no reply is seen;
  /// 1 for what carries a magic, more for a header of small numbers. With a valid message in each
  /// direction two suffice whatever stands here. On a seat, one suffices.
  std::uint8_t alone = 3;

  /// True where the protocol is encrypted whatever it carries (TLS, SSH).
  bool encrypted = false;

  /// The message at the front of a stream; for a datagram, all of it is handed over and a message
  /// shorter than the datagram means padding or another message behind it. Must not say `of(0)`.
  /// Null for what only ever rides inside another protocol (Observer::carry).
  Extent (*extent)(ByteCursor stream, const Context& context) noexcept = nullptr;

  /// Who must have sent a message, where its bytes tell; null where they never do.
  std::optional<Sender> (*sender)(ByteCursor message, const Context& context) noexcept = nullptr;

  /// Says what one message means. A message may be cut short by the capture: reads past the end
  /// fail the cursor, and nothing may be said of what was not read. The core asks the cursor.
  void (*dissect)(ByteCursor& message, const Context& context, Observer& out) = nullptr;

  /// A code as the protocol's people write it, where the table has no notation. Null: decimal.
  SmallText (*notate)(std::uint32_t code) = nullptr;

  /// The row for a code that the table lacks, where codes are made of parts that each have a
  /// meaning (a service of any class); its texts must outlive the program. Null: there is none.
  Operation (*derive)(std::uint32_t code) noexcept = nullptr;
};

/// Adds a dissector to the program by existing. One per file in protocols/.
class Registration {
 public:
  explicit Registration(const Dissector& dissector) noexcept
      : dissector_(dissector), next_(std::exchange(first_, this)) {}

  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  /// Every dissector linked in, by name, so that no order depends on the linker.
  static std::vector<const Dissector*> all();

 private:
  const Dissector dissector_;
  const Registration* const next_;
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the list itself.
  inline static constinit const Registration* first_ = nullptr;
};

/// The row for `code`; where there is none, one of unknown access and no name.
[[nodiscard]] Operation find_operation(std::span<const Operation> table,
                                       std::uint32_t code) noexcept;

/// The same of a dissector: its table, then what it derives.
[[nodiscard]] Operation operation_of(const Dissector& dissector, std::uint32_t code) noexcept;

/// `code` in the dissector's notation.
[[nodiscard]] SmallText notation_of(const Dissector& dissector, std::uint32_t code);

}  // namespace sekimori

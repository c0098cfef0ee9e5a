#pragma once

#include "wire.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

// DNP3 (IEEE 1815-2012) over TCP, in the tunnel of a serial line, or by datagrams.
namespace sekimori::captures {

/// A master's session with an outstation, and what the outstation answers.
class Dnp3 {
 public:
  static constexpr unsigned kMaster = 1;
  static constexpr unsigned kOutstation = 10;

  struct Attribute {
    unsigned variation = 0;
    std::string_view value;
  };

  /// Internal indications, their first octet low.
  static constexpr unsigned kRestart = 0x0080;
  static constexpr unsigned kLocal = 0x0020;
  static constexpr unsigned kNeedTime = 0x0010;
  static constexpr unsigned kNoFunction = 0x0100;
  static constexpr unsigned kNoObject = 0x0200;

  Dnp3(Scene& scene, Station& client, Station& server, std::uint16_t port = 20000)
      : session_(scene.connect(client, server, port)) {}

  /// Another outstation behind the same address.
  Dnp3& of(unsigned outstation);
  /// What the outstation says of itself in each answer from now on.
  Dnp3& indicating(unsigned indications);
  /// Bytes of the line before the next frame.
  Dnp3& noise_before(const Payload& bytes);

  Dnp3& link_status();
  Dnp3& reset_link();
  /// Class 0, which is every value, and the events of 1 to 3.
  Dnp3& integrity_poll();
  /// The events of 1 to 3; `events` of them are told and confirmed.
  Dnp3& event_poll(unsigned events = 0);
  /// Any range of points; `answer` are the objects.
  Dnp3& read(unsigned group, unsigned variation, unsigned first, unsigned last,
             const Payload& answer);
  /// A control relay output block: 0x03 latch on, 0x41 close, 0x81 trip. `status` is the answer's.
  Dnp3& select(unsigned point, unsigned control, unsigned status = 0);
  Dnp3& operate(unsigned point, unsigned control, unsigned status = 0);
  Dnp3& direct_operate(unsigned point, unsigned control, unsigned status = 0);
  Dnp3& direct_operate_no_ack(unsigned point, unsigned control);
  /// An analog output of 16 bits.
  Dnp3& set_analog(unsigned point, unsigned value, unsigned status = 0);
  Dnp3& freeze_counters(bool clear = false);
  Dnp3& cold_restart();
  Dnp3& warm_restart();
  Dnp3& write_time();
  Dnp3& clear_restart();
  Dnp3& enable_unsolicited();
  Dnp3& disable_unsolicited();
  /// A report of one binary input, confirmed.
  Dnp3& unsolicited(unsigned point, bool on);
  /// Group 0, all at once.
  Dnp3& identify(const std::vector<Attribute>& attributes);
  /// Opened, read or written by one block, closed.
  Dnp3& read_file(std::string_view name, std::string_view content);
  Dnp3& write_file(std::string_view name, std::string_view content);
  Dnp3& delete_file(std::string_view name, unsigned status = 0);
  Dnp3& login_for_files(std::string_view user, std::string_view password);
  /// A direct operation that is challenged; the answer is right, or an error of secure
  /// authentication comes back.
  Dnp3& challenged_operate(unsigned point, unsigned control, unsigned user, unsigned error = 0);
  /// Any function with its objects, and the answer's.
  Dnp3& exchange(unsigned function, const Payload& objects, const Payload& answer = {});
  Dnp3& unanswered(unsigned function, const Payload& objects = {});
  void close() { session_.close(); }

  /// A frame: control octet, addresses, data with their CRCs.
  [[nodiscard]] static Payload frame(unsigned control, unsigned destination, unsigned source,
                                     const Payload& data = {});

 private:
  enum class From : std::uint8_t { master, outstation };

  Dnp3& command(unsigned function, unsigned point, unsigned control, unsigned status);
  Dnp3& link(unsigned function, unsigned answer);
  Dnp3& open_file(std::string_view name, unsigned mode, std::size_t size);
  Dnp3& close_file();
  void send(From from, unsigned application, unsigned function, const Payload& objects);
  void put(From from, const Payload& frame);

  Session session_;
  unsigned outstation_ = kOutstation;
  unsigned indications_ = 0;
  unsigned sequence_ = 0;
  unsigned unsolicited_ = 0;
  std::array<unsigned, 2> segment_{};
  Payload noise_;
};

}  // namespace sekimori::captures

#pragma once

#include "wire.h"

#include <string_view>
#include <utility>
#include <vector>

// S7comm on ISO transport over TCP (RFC 1006): protocols/s7comm.cpp says where its layouts stand.
namespace sekimori::captures {

/// What a controller tells of itself.
struct S7Identity {
  std::string_view order;     ///< 6ES7 315-2EH14-0AB0
  std::string_view firmware;  ///< 3.2.7
  std::string_view station;
  std::string_view name;
  std::string_view plant;
  std::string_view serial;
  std::string_view type;  ///< CPU 315-2 PN/DP
};

/// A client's side of a connection to a controller, and what the controller answers.
class S7 {
 public:
  enum class Kind : std::uint8_t { programming_device = 1, operator_panel = 2, basic = 3 };

  /// Opens TCP, ISO transport and S7.
  S7(Scene& scene, Station& client, Station& server, Kind kind = Kind::basic, unsigned slot = 2,
     std::uint16_t port = 102);

  /// Bytes of a data block; of flags where `block` is 0.
  S7& read(unsigned block, unsigned first, unsigned count);
  S7& write(unsigned block, unsigned first, const Payload& values);
  /// A read that the controller refuses with an item's return code, or with a whole error.
  S7& refused_read(unsigned block, unsigned first, unsigned count, unsigned code);
  S7& refused(const Payload& parameter, unsigned error);
  S7& unanswered_read(unsigned block, unsigned first, unsigned count);

  /// The lists 0x0011 and 0x001c, the latter in two parts.
  S7& identify(const S7Identity& identity);
  /// The list 0x0424: 8 is run, 4 stop.
  S7& ask_mode(unsigned mode);
  /// The list 0x0232: protection level and where the mode switch stands (2: RUN-P).
  S7& ask_protection(unsigned level, unsigned position);

  S7& stop();
  S7& start(bool cold = false);
  S7& invoke(std::string_view service, const Payload& argument);
  /// The controller's word that its mode changed: 0 stop, 2 run.
  S7& indicate_mode(unsigned mode);

  /// Asked for by the client, fetched by the controller part by part, then inserted.
  S7& download(std::string_view block, unsigned parts);
  S7& upload(std::string_view block, unsigned parts);

  /// As a programming device sends it, and the answer's error (0: accepted).
  S7& password(std::string_view password, unsigned error = 0);
  S7& set_clock();
  /// A variable table: `force` or once.
  S7& modify(unsigned flag, unsigned value, bool force = false);

  /// The next TSDUs go in TPDUs of so many bytes.
  S7& in_parts_of(std::size_t size);
  void close() { session_.close(); }

 private:
  [[nodiscard]] Payload carried(const Payload& tsdu) const;
  S7& say(const Payload& tsdu);
  S7& answer(const Payload& tsdu);
  S7& exchange(const Payload& parameter, const Payload& data, const Payload& answer_parameter,
               const Payload& answer_data);
  S7& ask(unsigned group, unsigned sub, const Payload& data, const Payload& told,
          unsigned error = 0);
  S7& read_list(unsigned id, unsigned index, const Payload& list);

  Session session_;
  unsigned reference_ = 0;
  unsigned controllers_reference_ = 0;
  std::size_t part_ = 1024;
};

}  // namespace sekimori::captures

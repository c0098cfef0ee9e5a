#pragma once

#include "wire.h"

#include <optional>
#include <string_view>
#include <vector>

// Modbus/TCP (MODBUS Application Protocol V1.1b3, 6) and UMAS within its function 90.
namespace sekimori::captures {

/// A client's side of a session with a controller, and what the controller answers.
class Modbus {
 public:
  Modbus(Scene& scene, Station& client, Station& server, std::uint16_t port = 502)
      : session_(scene.connect(client, server, port)) {}

  /// Coils, discrete inputs and registers: functions 1 to 4.
  Modbus& read(unsigned function, unsigned first, unsigned count, unsigned unit = 1);
  Modbus& write_coil(unsigned address, bool on, unsigned unit = 1);
  Modbus& write_register(unsigned address, unsigned value, unsigned unit = 1);
  Modbus& write_registers(unsigned first, const std::vector<unsigned>& values, unsigned unit = 1);
  /// A request that is refused with `exception`, and one that nobody answers.
  Modbus& refused(const Payload& request, unsigned exception, unsigned unit = 1);
  Modbus& unanswered(const Payload& request, unsigned unit = 1);
  /// 43/14: vendor, product code and revision, asked and told.
  Modbus& identify(std::string_view vendor, std::string_view product, std::string_view revision,
                   unsigned unit = 1);
  Modbus& diagnose(unsigned function, unsigned data, unsigned unit = 1);
  /// UMAS: its code and data; the answer's data.
  Modbus& umas(unsigned code, const Payload& data, const Payload& answer);
  void close() { session_.close(); }

  /// Request PDUs.
  [[nodiscard]] static Payload ask(unsigned function, unsigned first, unsigned count);

 private:
  Modbus& exchange(unsigned unit, const Payload& request, const Payload& answer);
  [[nodiscard]] Payload wrapped(unsigned unit, const Payload& pdu) const;

  Session session_;
  std::uint16_t transaction_ = 0;
};

/// What UMAS 0x02 answers, of a Modicon.
[[nodiscard]] Payload umas_identity(std::string_view model);

}  // namespace sekimori::captures

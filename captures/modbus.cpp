#include "modbus.h"

namespace sekimori::captures {

Payload Modbus::ask(unsigned function, unsigned first, unsigned count) {
  return joined({u8(function), be16(first), be16(count)});
}

Payload Modbus::wrapped(unsigned unit, const Payload& pdu) const {
  return joined({be16(transaction_), be16(0), be16(pdu.size() + 1), u8(unit), pdu});
}

Modbus& Modbus::exchange(unsigned unit, const Payload& request, const Payload& answer) {
  ++transaction_;
  session_.say(wrapped(unit, request)).answer(wrapped(unit, answer));
  return *this;
}

Modbus& Modbus::read(unsigned function, unsigned first, unsigned count, unsigned unit) {
  const bool bits = function <= 2;
  const auto size = bits ? (count + 7) / 8 : 2 * count;
  // Values that drift a little from poll to poll; unused bits are 0 (6.1).
  Payload values;
  for (unsigned i = 0; i < size; ++i)
    values.push_back(static_cast<std::uint8_t>(
        i % 2 == 0 ? 0x01U + i : (0x30U + 7 * i + transaction_ % 9) & 0xffU));
  if (bits && count % 8 != 0) values.back() &= static_cast<std::uint8_t>((1U << count % 8) - 1);
  return exchange(unit, ask(function, first, count), u8(function) + counted(1, values));
}

Modbus& Modbus::write_coil(unsigned address, bool on, unsigned unit) {
  const auto pdu = ask(5, address, on ? 0xff00 : 0);
  return exchange(unit, pdu, pdu);
}

Modbus& Modbus::write_register(unsigned address, unsigned value, unsigned unit) {
  const auto pdu = ask(6, address, value);
  return exchange(unit, pdu, pdu);
}

Modbus& Modbus::write_registers(unsigned first, const std::vector<unsigned>& values,
                                unsigned unit) {
  Payload bytes;
  for (const auto value : values) bytes = bytes + be16(value);
  const auto head = ask(16, first, static_cast<unsigned>(values.size()));
  return exchange(unit, head + counted(1, bytes), head);
}

Modbus& Modbus::refused(const Payload& request, unsigned exception, unsigned unit) {
  return exchange(unit, request, u8(request.at(0) | 0x80U) + u8(exception));
}

Modbus& Modbus::unanswered(const Payload& request, unsigned unit) {
  ++transaction_;
  session_.say(wrapped(unit, request));
  return *this;
}

Modbus& Modbus::identify(std::string_view vendor, std::string_view product,
                         std::string_view revision, unsigned unit) {
  Payload objects;
  unsigned id = 0;
  for (const auto each : {vendor, product, revision})
    objects = objects + u8(id++) + counted(1, text(each));
  return exchange(unit, hex("2b 0e 01 00"), hex("2b 0e 01 01 00 00 03") + objects);
}

Modbus& Modbus::diagnose(unsigned function, unsigned data, unsigned unit) {
  const auto pdu = ask(8, function, data);
  return exchange(unit, pdu, pdu);
}

Modbus& Modbus::umas(unsigned code, const Payload& data, const Payload& answer) {
  return exchange(0, hex("5a 00") + u8(code) + data, hex("5a 00 fe") + answer);
}

Payload umas_identity(std::string_view model) {
  // Range, identifier, model, firmware 2.70, patch, release, hardware, crash code, then the name.
  return hex("0530 06010001 0000 7002 0000 0000 0101 00000000 0000") + counted(1, text(model));
}

}  // namespace sekimori::captures

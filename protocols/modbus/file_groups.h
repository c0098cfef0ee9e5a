#pragma once

// What a request to read or write file records names: MODBUS Application Protocol V1.1b3, 6.14 and
// 6.15.

#include "sekimori/bytes/byte_cursor.h"

#include "pdu.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sekimori::modbus {

/// The files and records of all groups of a request together. A group is a type, which is 6, the
/// file, its first record and how many; a write carries the records too.
class FileGroups {
 public:
  struct Range {
    std::uint32_t first = UINT32_MAX;
    std::uint32_t last = 0;
  };

  explicit FileGroups(const Pdu& pdu) noexcept {
    if (!fits_request(pdu)) return;
    ByteCursor groups{pdu.body};
    groups.skip(1);
    while (groups.ok() && !groups.empty()) {
      const auto type = groups.u8();
      const auto file = groups.be16();
      const auto record = groups.be16();
      const auto count = groups.be16();
      if (pdu.function == 21) groups.skip(std::size_t{count} * 2);
      if (!groups.ok() || type != 6 || count == 0) return;
      widen(files_, file, file);
      widen(records_, record, record + count - 1U);
    }
    fits_ = groups.ok();
  }

  [[nodiscard]] bool fits() const noexcept { return fits_; }
  [[nodiscard]] bool one_file() const noexcept { return fits_ && files_.first == files_.last; }
  [[nodiscard]] Range files() const noexcept { return files_; }
  [[nodiscard]] Range records() const noexcept { return records_; }

 private:
  static void widen(Range& range, std::uint32_t first, std::uint32_t last) noexcept {
    range.first = std::min(range.first, first);
    range.last = std::max(range.last, last);
  }

  Range files_;
  Range records_;
  bool fits_ = false;
};

}  // namespace sekimori::modbus

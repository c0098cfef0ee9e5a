#pragma once

// Upon what a request acts, in words: an object's name, or a tag and its elements.

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include "operations.h"
#include "path.h"

#include <cstdint>

namespace sekimori::cip {

/// `tcp-ip-interface attribute 5`, of which the instance is the range.
inline SmallText name_of(const Path& path) noexcept {
  SmallText text;
  if (!path.has_class) return text;
  const auto name = find_class(path.of).name;
  if (name.empty())
    text.add("class ").hex(path.of);
  else
    text.add(name);
  if (path.has_attribute) text.add(" attribute ").decimal(path.attribute);
  return text;
}

inline void set_range(Target& target, std::uint64_t first, std::uint64_t last) noexcept {
  target.first = first;
  target.last = last;
  target.has_range = true;
}

/// A tag's elements; the range is of its index where it has just one. False where the message ends
/// before their number.
inline bool aim_at_tag(const Path& path, std::uint32_t code, ByteCursor body,
                       Target& target) noexcept {
  target.name = path.symbol.bytes();
  std::uint64_t count = 1;
  const bool reads = code == kReadTag || code == kReadTagPart;
  const bool writes = code == kWriteTag || code == kWriteTagPart;
  if (writes && body.le16() == 0x02a0) body.skip(2);  // the type; of a structure, two words
  if (reads || writes) count = body.le16();
  if (!body.ok()) return false;
  if (path.indexes == 1 && count > 0) set_range(target, path.index, path.index + count - 1);
  if (path.indexes == 0 && count > 1) set_range(target, 0, count - 1);
  return true;
}

}  // namespace sekimori::cip

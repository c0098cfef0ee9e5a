#include "sekimori/dissect/dissector.h"

#include <algorithm>

namespace sekimori {

std::string_view to_text(Access access) noexcept {
  constexpr auto kTexts = std::to_array<std::string_view>(
      {"read", "write", "force", "control", "program", "upload", "firmware", "file", "configure",
       "time", "authenticate", "discover", "diagnose", "report", "session", "unknown"});
  static_assert(kTexts.size() == kAccessCount);
  return kTexts[static_cast<std::size_t>(access)];
}

std::string_view to_text(Property property) noexcept {
  constexpr auto kTexts = std::to_array<std::string_view>(
      {"name", "domain", "vendor", "product", "model", "hardware", "firmware", "serial", "os",
       "software", "description", "location", "contact", "mode", "capability", "address-plan",
       "certificate", "identifier"});
  static_assert(kTexts.size() == kPropertyCount);
  return kTexts[static_cast<std::size_t>(property)];
}

std::string_view to_text(Event event) noexcept {
  constexpr auto kTexts = std::to_array<std::string_view>(
      {"version", "encrypted", "server-name", "cleartext-login", "anonymous-login", "login",
       "login-rejected", "mode-change", "device-state", "certificate", "wireless", "tunnel",
       "transfer", "malformed"});
  static_assert(kTexts.size() == kEventCount);
  return kTexts[static_cast<std::size_t>(event)];
}

bool StreamBuffer::append(Bytes bytes) {
  if (bytes.size() > kMost - bytes_.size()) {
    bytes_.clear();
    return false;
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return true;
}

std::vector<const Dissector*> Registration::all() {
  std::vector<const Dissector*> found;
  for (const auto* at = first_; at != nullptr; at = at->next_) found.push_back(&at->dissector_);
  std::ranges::sort(found, {}, &Dissector::name);
  return found;
}

Operation find_operation(std::span<const Operation> table, std::uint32_t code) noexcept {
  const auto row = std::ranges::find(table, code, &Operation::code);
  return row != table.end() ? *row : Operation{.code = code};
}

Operation operation_of(const Dissector& dissector, std::uint32_t code) noexcept {
  const auto row = std::ranges::find(dissector.operations, code, &Operation::code);
  if (row != dissector.operations.end()) return *row;
  return dissector.derive != nullptr ? dissector.derive(code) : Operation{.code = code};
}

SmallText notation_of(const Dissector& dissector, std::uint32_t code) {
  const auto operation = operation_of(dissector, code);
  if (!operation.notation.empty()) return SmallText{operation.notation};
  if (dissector.notate != nullptr) return dissector.notate(code);
  return SmallText{}.decimal(code);
}

}  // namespace sekimori

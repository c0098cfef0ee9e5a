#include "sekimori/model/database.h"

#include <algorithm>

namespace sekimori {

std::int64_t Value::as_integer() const {
  if (kind == Kind::integer) return integer;
  if (kind != Kind::real) return 0;
  constexpr double kLimit = 9.2e18;  // within what 64 bits hold
  return static_cast<std::int64_t>(std::clamp(real, -kLimit, kLimit));
}

double Value::as_real() const {
  if (kind == Kind::real) return real;
  return kind == Kind::integer ? static_cast<double>(integer) : 0;
}

}  // namespace sekimori

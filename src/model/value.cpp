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

Statement& Statement::bind(int position, const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      return bind_null(position);
    case Value::Kind::integer:
      return bind(position, value.integer);
    case Value::Kind::real:
      return bind(position, value.real);
    case Value::Kind::text:
      break;
  }
  return bind(position, std::string_view{value.text});
}

}  // namespace sekimori

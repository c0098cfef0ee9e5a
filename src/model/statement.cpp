#include "connection.h"

#include <array>
#include <utility>

namespace sekimori {

std::string_view view_of(sqlite3_value* value) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): SQLite's unsigned char.
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return text != nullptr ? std::string_view{text, size} : std::string_view{};
}

Value::Kind kind_of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
      return Value::Kind::null;
    case SQLITE_INTEGER:
      return Value::Kind::integer;
    case SQLITE_FLOAT:
      return Value::Kind::real;
    default:
      return Value::Kind::text;
  }
}

namespace {

/// As a Value or a ValueView.
template <class Kept>
Kept read(sqlite3_value* from) {
  Kept value;
  value.kind = kind_of(from);
  if (value.kind == Value::Kind::integer) value.integer = sqlite3_value_int64(from);
  if (value.kind == Value::Kind::real) value.real = sqlite3_value_double(from);
  if (value.kind == Value::Kind::text) value.text = view_of(from);
  return value;
}

}  // namespace

Value value_of(sqlite3_value* from) {
  return read<Value>(from);
}

std::string Value::as_text() const {
  if (kind == Kind::text) return text;
  if (kind == Kind::integer) return std::to_string(integer);
  if (kind == Kind::null) return {};
  std::array<char, 32> buffer{};
  sqlite3_snprintf(static_cast<int>(buffer.size()), buffer.data(), "%!.15g", real);
  return buffer.data();
}

Statement::Statement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;

Statement& Statement::bind(int position, std::int64_t value) {
  impl_->check(sqlite3_bind_int64(impl_->handle, position, value));
  return *this;
}

Statement& Statement::bind(int position, double value) {
  impl_->check(sqlite3_bind_double(impl_->handle, position, value));
  return *this;
}

Statement& Statement::bind(int position, std::string_view value) {
  // NOLINTNEXTLINE: SQLITE_TRANSIENT is SQLite's own cast of -1 to a function pointer.
  impl_->bind(position, value, reinterpret_cast<sqlite3_destructor_type>(-1));
  return *this;
}

Statement& Statement::bind_lasting(int position, std::string_view value) {
  impl_->bind(position, value, SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null(int position) {
  impl_->check(sqlite3_bind_null(impl_->handle, position));
  return *this;
}

bool Statement::step() {
  if (!impl_->running) {
    impl_->database->steps = 0;
    impl_->running = true;
  }
  const int code = sqlite3_step(impl_->handle);
  if (code == SQLITE_ROW) return true;
  impl_->running = false;
  if (code == SQLITE_DONE) return false;
  const auto words = impl_->database->words(code);
  sqlite3_reset(impl_->handle);
  throw Error(words);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  impl_->running = false;
  sqlite3_reset(impl_->handle);
}

int Statement::columns() const {
  return sqlite3_column_count(impl_->handle);
}

std::string Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(impl_->handle, column);
  return name != nullptr ? name : "";
}

Value Statement::value(int column) const {
  return value_of(sqlite3_column_value(impl_->handle, column));
}

ValueView Statement::look(int column) const {
  return read<ValueView>(sqlite3_column_value(impl_->handle, column));
}

Value::Kind Statement::kind(int column) const {
  return kind_of(sqlite3_column_value(impl_->handle, column));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(impl_->handle, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(impl_->handle, column);
}

std::string Statement::text(int column) const {
  return std::string{view(column)};
}

std::string_view Statement::view(int column) const {
  return view_of(sqlite3_column_value(impl_->handle, column));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(impl_->handle, column) == SQLITE_NULL;
}

}  // namespace sekimori

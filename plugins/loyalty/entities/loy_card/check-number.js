var number = context.target.get("loy_number") || "";

// Luhn: counted from the right, every second digit is doubled and a two-digit result adds its digits.
var sum = 0;
for (var i = 0; i < number.length; i++) {
  var digit = Number(number.charAt(number.length - 1 - i));
  if (i % 2 === 1) {
    digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  sum += digit;
}
if (sum % 10 !== 0) {
  context.reject("The card number fails its check digit.", "loy_check_digit");
}

// A changed card would find itself here; the alternate key guards its number.
if (context.message === "Create") {
  var twins = context.service.retrieveMultiple(
    "loy_card", "?$select=loy_cardid&$filter=loy_number eq '" + number + "'&$top=1");
  if (twins.length > 0) {
    context.reject("This number is already in use.", "loy_duplicate_number");
  }
}

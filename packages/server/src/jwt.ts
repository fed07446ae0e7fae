export { jwtAuthentication, type JwtOptions } from "./session/jwt-authentication.js";

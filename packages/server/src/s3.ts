export { s3Files, type S3FilesOptions } from "./uploads/s3-files.js";

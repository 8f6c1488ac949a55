export const greeting = "hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello";

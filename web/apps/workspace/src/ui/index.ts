/** What the workspace's panes are made of. */

export { Avatar, hueOf, initialsOf, type AvatarProps, type Presence } from "./Avatar.js";
export { Badge, Count, type Tone } from "./Badge.js";
export { Button, IconButton, type ButtonProps, type IconButtonProps, type Variant } from "./Button.js";
export { Dialog, DialogTrigger, Popover, type DialogProps } from "./Dialog.js";
export { Empty } from "./Empty.js";
export { Checkbox, Field, SearchBox, type FieldProps, type SearchProps } from "./Field.js";
export { Hint } from "./Hint.js";
export { Menu, MenuGroup, MenuItem, MenuSeparator, MenuTrigger, type ItemProps } from "./Menu.js";
export { Select, type Choice, type SelectProps } from "./Select.js";
export { Skeleton } from "./Skeleton.js";
export { Tabs, type TabOf } from "./Tabs.js";
export { notify, Toasts, type Notice } from "./Toast.js";

CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`group_id` text NOT NULL,
	`job_key` text NOT NULL,
	`app_id` text,
	`api` text NOT NULL,
	`state` text NOT NULL,
	`code` text,
	`filename` text,
	`options` text,
	`pages` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`gone_at` integer,
	`rev` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `files_group` ON `files` (`group_id`,`ended_at`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`page_monthly_limit` integer,
	`requests_per_minute` integer,
	`files_in_flight` integer
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`key` text PRIMARY KEY NOT NULL,
	`group_id` text NOT NULL,
	`job_id` text NOT NULL,
	`kind` text NOT NULL,
	`app_id` text,
	`created_at` integer NOT NULL,
	`open` integer NOT NULL,
	`expire_at` integer
);
--> statement-breakpoint
CREATE INDEX `jobs_group` ON `jobs` (`group_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`open`);--> statement-breakpoint
CREATE INDEX `jobs_expire` ON `jobs` (`expire_at`);--> statement-breakpoint
CREATE TABLE `keys` (
	`group_id` text NOT NULL,
	`app_id` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	PRIMARY KEY(`group_id`, `app_id`, `hash`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash` ON `keys` (`hash`);
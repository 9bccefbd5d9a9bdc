ALTER TABLE `files` ADD `args_hash` text;--> statement-breakpoint
ALTER TABLE `groups` DROP COLUMN `page_monthly_limit`;--> statement-breakpoint
ALTER TABLE `groups` DROP COLUMN `files_in_flight`;